package botapi

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func picture(t *testing.T, w, h int) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, w, h))))
	return out.String()
}

func (d *desk) download(token, path string) (int, string) {
	d.t.Helper()
	resp, err := http.Get(d.url + "/file/bot" + token + "/" + path)
	require.NoError(d.t, err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	require.NoError(d.t, err)
	return resp.StatusCode, string(data)
}

type aFile struct {
	FilePath string `json:"file_path"`
	FileSize int    `json:"file_size"`
}

func TestDocumentThereAndBack(t *testing.T) {
	d := open(t)
	d.say(emma, "hello")
	r := d.upload("sendDocument", map[string]string{"chat_id": fmt.Sprint(emma), "caption": "<i>the</i> list", "parse_mode": "HTML"},
		"document", "список.txt", "two words")
	require.True(t, r.OK, r.Description)
	m := decode[Message](t, r.Result)
	require.Equal(t, "the list", m.Caption)
	require.Equal(t, "список.txt", m.Document.FileName)
	require.Equal(t, "text/plain", m.Document.MimeType)

	again := d.sent("sendDocument", obj{"chat_id": emma, "document": m.Document.FileID})
	require.Equal(t, m.Document.FileUniqueID, again.Document.FileUniqueID)
	require.Equal(t, "Bad Request: can't use file of type Document as Photo", d.call("sendPhoto", obj{"chat_id": emma, "photo": m.Document.FileID}).Description)

	f := decode[aFile](t, d.done("getFile", obj{"file_id": m.Document.FileID}))
	require.Equal(t, 9, f.FileSize)
	status, body := d.download(d.token, f.FilePath)
	require.Equal(t, 200, status)
	require.Equal(t, "two words", body)
	status, _ = d.download("7000000001:wrong-token", f.FilePath)
	require.Equal(t, 401, status)
	status, _ = d.download(d.token, "documents/../../telegram.journal")
	require.Equal(t, 404, status)

	other := *d
	other.token = "99:another-bot"
	require.Equal(t, 400, other.call("getFile", obj{"file_id": m.Document.FileID}).Code, "a file_id is of one bot")
}

func TestPhotos(t *testing.T) {
	d := open(t)
	d.say(emma, "hello")
	to := map[string]string{"chat_id": fmt.Sprint(emma)}
	m := decode[Message](t, d.upload("sendPhoto", to, "photo", "a.png", picture(t, 640, 320)).Result)
	require.Len(t, m.Photo, 2)
	require.Equal(t, []int{320, 160, 640, 320}, []int{m.Photo[0].Width, m.Photo[0].Height, m.Photo[1].Width, m.Photo[1].Height})
	small := decode[aFile](t, d.done("getFile", obj{"file_id": m.Photo[0].FileID}))
	status, _ := d.download(d.token, small.FilePath)
	require.Equal(t, 200, status)
	require.Equal(t, "Bad Request: IMAGE_PROCESS_FAILED", d.upload("sendPhoto", to, "photo", "a.png", "no picture").Description)
	require.Equal(t, "Bad Request: PHOTO_INVALID_DIMENSIONS", d.upload("sendPhoto", to, "photo", "a.png", picture(t, 2100, 100)).Description)
	require.Equal(t, "Bad Request: file must be non-empty", d.upload("sendDocument", to, "document", "a.txt", "").Description)

	edited := d.sent("editMessageMedia", obj{"chat_id": emma, "message_id": m.MessageID,
		"media": obj{"type": "photo", "media": m.Photo[1].FileID, "caption": "with words"}})
	require.Equal(t, "with words", edited.Caption)
}

func TestFileByURL(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "%PDF-1.4") }))
	defer site.Close()
	d := open(t)
	d.say(emma, "hello")
	m := d.sent("sendDocument", obj{"chat_id": emma, "document": site.URL + "/a/list.pdf"})
	require.Equal(t, "list.pdf application/pdf", m.Document.FileName+" "+m.Document.MimeType)
}

func TestEveryKindOfFile(t *testing.T) {
	d := open(t)
	d.say(emma, "hello")
	for _, k := range kinds {
		content := "bytes"
		if k.name == "photo" {
			content = picture(t, 10, 10)
		}
		r := d.upload(k.method, map[string]string{"chat_id": fmt.Sprint(emma)}, k.name, "a.bin", content)
		require.True(t, r.OK, r.Description)
		seen := d.seen(emma)
		require.Equal(t, k.name, seen[len(seen)-1].Files[0].Kind)
	}
}

func TestAlbums(t *testing.T) {
	d := open(t)
	d.say(emma, "hello")
	album := `[{"type":"photo","media":"attach://a","caption":"both"},{"type":"photo","media":"attach://b"}]`
	params := map[string]string{"chat_id": fmt.Sprint(emma), "media": album}
	r := d.upload("sendMediaGroup", params, "a", "a.png", picture(t, 9, 9), "b", "b.png", picture(t, 9, 9))
	require.True(t, r.OK, r.Description)
	ms := decode[[]Message](t, r.Result)
	require.Len(t, ms, 2)
	require.NotEmpty(t, ms[0].MediaGroupID)
	require.Equal(t, ms[0].MediaGroupID, ms[1].MediaGroupID)
	require.Equal(t, "both", ms[0].Caption)
	id := ms[0].Photo[0].FileID
	for media, want := range map[string]string{
		`[{"type":"photo","media":"` + id + `"}]`:                                 "Bad Request: group send failed: an album has 2-10 items",
		`[{"type":"photo","media":"` + id + `"},{"type":"document","media":"x"}]`: "Bad Request: can't use the media of the specified type in the album",
		`[{"type":"animation","media":"x"},{"type":"animation","media":"x"}]`:     `Bad Request: can't parse InputMedia: type "animation" can't be used in sendMediaGroup`,
		`[{"type":"photo","media":"attach://none"},{"type":"photo","media":"x"}]`: `Bad Request: there is no file "none" in the request`,
		`{}`: "Bad Request: can't parse media JSON object",
	} {
		require.Equal(t, want, d.call("sendMediaGroup", obj{"chat_id": emma, "media": media}).Description)
	}
}

func TestFilesOfPeople(t *testing.T) {
	d := open(t)
	contentType, body := form(t, map[string]string{"text": "the gate", "kind": "photo"}, []string{"file", "a.png", picture(t, 9, 9), "file", "b.png", picture(t, 9, 9)})
	resp, err := http.Post(fmt.Sprintf("%s/demo/people/%d/chats/%d/messages", d.url, emma, d.bot), contentType, body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 200, resp.StatusCode)
	d.act(emma, "messages", obj{"fake_size": 60 << 20, "name": "big.mov", "kind": "video"})
	us := d.updates(nil)
	require.Len(t, us, 3)
	require.Equal(t, "the gate", us[0].Message.Caption)
	require.Equal(t, us[0].Message.MediaGroupID, us[1].Message.MediaGroupID)
	require.EqualValues(t, 60<<20, us[2].Message.Video.FileSize)
	require.Equal(t, "Bad Request: file is too big", d.call("getFile", obj{"file_id": us[2].Message.Video.FileID}).Description)

	seen := d.seen(emma)
	resp, err = http.Get(d.url + seen[0].Files[0].URL)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, "image/png", resp.Header.Get("Content-Type"))
	require.Empty(t, seen[2].Files[0].URL, "there is nothing to download")
}

func TestTooLargeAnUpload(t *testing.T) {
	d := open(t)
	d.say(emma, "hello")
	r := d.upload("sendDocument", map[string]string{"chat_id": fmt.Sprint(emma)}, "document", "a.bin", string(make([]byte, maxUpload+1)))
	require.Equal(t, "413 Request Entity Too Large", fmt.Sprint(r.Code, " ", r.Description))
}
