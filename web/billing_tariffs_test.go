package web

import (
	"bytes"
	"crypto/rand"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever is wrong with a tariff stands beside its field, and nothing that was typed is lost.
func TestAWrongTariffIsMarkedAtItsFields(t *testing.T) {
	y := newYardSite(t)
	b := y.as(t, y.accountant)
	wrongs := regexp.MustCompile(`id="f-([^"]+)-wrong"`)
	for name, c := range map[string]struct {
		change url.Values
		fields []string
	}{
		"a gap":             {url.Values{"prices[0].tiers[1].from": {"12"}}, []string{"prices[0].tiers[1].from"}},
		"an overlap":        {url.Values{"prices[0].tiers[1].from": {"9"}}, []string{"prices[0].tiers[1].from"}},
		"no open end":       {url.Values{"prices[0].tiers[1].to": {"90"}}, []string{"prices[0].tiers[1].to"}},
		"a negative rate":   {url.Values{"prices[0].tiers[0].rate": {"-5"}}, []string{"prices[0].tiers[0].rate"}},
		"no number":         {url.Values{"prices[0].tiers[0].rate": {"ten"}}, []string{"prices[0].tiers[0].rate"}},
		"too much grace":    {url.Values{"grace_hours": {"30"}}, []string{"grace_hours"}},
		"no day":            {url.Values{"valid_from": {""}}, []string{"valid_from"}},
		"no rate":           {url.Values{"prices[0].tiers[1].rate": {""}}, []string{"prices[0].tiers[1].rate"}},
		"a fee for nothing": {url.Values{"fees[0].operation": {""}}, []string{"fees[0].operation"}},
		"a negative fee":    {url.Values{"fees[0].amount": {"-1"}}, []string{"fees[0].amount"}},
		"too much VAT":      {url.Values{"vat": {"112"}}, []string{"vat"}},
	} {
		t.Run(name, func(t *testing.T) {
			form := y.tariffForm("10000", "20000.50")
			maps.Copy(form, c.change)
			got := b.post("/billing/tariffs/0/revise", form)
			require.Equal(t, http.StatusUnprocessableEntity, got.status)
			var marked []string
			for _, m := range wrongs.FindAllStringSubmatch(got.body, -1) {
				marked = append(marked, m[1])
			}
			require.Equal(t, c.fields, marked)
			for field, values := range form {
				if field != "op" && values[0] != "" {
					require.Regexp(t, `value="`+regexp.QuoteMeta(values[0])+`"`, got.body, field)
				}
			}
			require.NotContains(t, got.body, `name="previewed"`)
		})
	}
	require.NotContains(t, b.get("/billing/tariffs").body, "/billing/tariffs/0/20", "nothing was saved")
}

// Rows are added and removed without losing what was typed, and what is saved is what was previewed.
func TestTariffFormRows(t *testing.T) {
	y := newYardSite(t)
	b := y.as(t, y.accountant)
	form := y.tariffForm("10000", "20000")
	form.Set("do", "price")
	added := b.post("/billing/tariffs/0/revise", form)
	require.Equal(t, http.StatusOK, added.status)
	require.Contains(t, added.body, `name="prices[1].currency"`)
	require.Contains(t, added.body, `value="20000"`)
	form.Set("do", "drop:0")
	require.NotContains(t, b.post("/billing/tariffs/0/revise", form).body, `value="20000"`)

	form.Set("do", "save")
	form.Set("previewed", "0123456789abcdef")
	unseen := b.post("/billing/tariffs/0/revise", form)
	require.Equal(t, http.StatusOK, unseen.status, "it is previewed, not saved")
	require.Regexp(t, previewed, unseen.body)
}

// Withdrawing a version says what that changes, and keeps what was recorded.
func TestTariffVersionIsWithdrawn(t *testing.T) {
	y := newYardSite(t)
	b := y.as(t, y.accountant)
	y.stay(t, "CSQU3054383", "22G1", 1, 12)
	y.saveTariff(t, b, y.tariffForm("10000", "20000"))
	path := "/billing/tariffs/0/" + (y.month - 40).String()
	asked := b.get(path + "/withdraw")
	require.Equal(t, http.StatusOK, asked.status)
	require.Contains(t, asked.words(), "1 stay would have no price")
	require.Equal(t, http.StatusSeeOther, b.post(path+"/withdraw", url.Values{"op": {rand.Text()}}).status)
	require.Contains(t, b.get(path).words(), "withdrawn")
	require.NotContains(t, b.get("/billing/tariffs").body, path)
	require.Contains(t, b.get("/billing/tariffs?all=1").body, path)
	require.Equal(t, http.StatusNotFound, b.post(path+"/withdraw", url.Values{"op": {rand.Text()}}).status, "it is withdrawn already")
	require.Equal(t, http.StatusNotFound, b.get("/billing/tariffs/0/2001-01-01").status)
	require.Equal(t, http.StatusNotFound, b.get("/billing/tariffs/nobody/revise").status)
}

// All tariffs leave as a file and come back; what is wrong with one is told by its lines.
func TestTariffFile(t *testing.T) {
	y := newYardSite(t)
	b := y.as(t, y.accountant)
	y.saveTariff(t, b, y.tariffForm("10000", "20000"))
	file := b.get("/billing/tariffs/file/yaml").body
	require.Contains(t, file, "rate: 10000")
	upload := func(content string) answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "tariffs.yaml")
		require.NoError(t, err)
		_, err = part.Write([]byte(content))
		require.NoError(t, err)
		require.NoError(t, form.Close())
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, y.url+"/billing/tariffs/file", &body)
		require.NoError(t, err)
		req.Header.Set("Content-Type", form.FormDataContentType())
		res, err := b.Do(req)
		require.NoError(t, err)
		defer res.Body.Close()
		said, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return answer{res.StatusCode, res.Header.Get("Location"), string(said), res.Header}
	}
	require.Equal(t, "/billing/tariffs", upload(file).location)
	require.Contains(t, b.get("/billing/tariffs").words(), "Recorded: 0; there already: 1.")
	wrong := upload(strings.Replace(file, "rate: 10000", "rate: -10000", 1))
	require.Equal(t, http.StatusUnprocessableEntity, wrong.status)
	require.Regexp(t, `[Ll]ine \d+`, wrong.words())
	require.Equal(t, http.StatusUnprocessableEntity, upload("tariffs: [").status)
	require.Equal(t, http.StatusUnprocessableEntity, upload("").status)
}
