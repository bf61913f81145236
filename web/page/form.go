package page

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// Form is what a person filled in: posted, or on a GET in the URL. What cannot be read, or was refused, is noted with the
// field, and the form is shown again as it was filled in.
type Form struct {
	v      *Visit
	values url.Values
	op     string
	wrong  map[string]chat.Text // by field; "": all of it
}

// operation is the shape of a form's id.
var operation = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// memoryForFiles is how much of uploaded files is held in memory; the rest lies in temporary files.
const memoryForFiles = 8 << 20 // bytes

// Form reads the form of this request. A body that cannot be read is noted as wrong with the whole form.
func (v *Visit) Form() *Form {
	f := &Form{v: v, values: url.Values{}, wrong: map[string]chat.Text{}}
	var err error
	if strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/form-data") {
		err = v.r.ParseMultipartForm(memoryForFiles)
	} else {
		err = v.r.ParseForm()
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		f.Wrong("", chat.T("web.too_large", "Most", int(large.Limit>>20)))
		v.status = http.StatusRequestEntityTooLarge
	case err != nil:
		f.Wrong("", chat.T("web.form.unreadable"))
	}
	read := v.r.PostForm
	if v.r.Method == http.MethodGet {
		read = v.r.Form
	}
	for name, values := range read {
		for _, value := range values {
			// Browsers send line ends as \r\n; PostgreSQL has no NUL.
			f.values.Add(name, strings.NewReplacer("\r\n", "\n", "\x00", "").Replace(value))
		}
	}
	if f.op = f.values.Get("op"); !operation.MatchString(f.op) {
		f.op = rand.Text()
	}
	return f
}

// sum stands for what was filled in, and for the files that came with it.
func (f *Form) sum() string {
	sum := sha256.New()
	_, _ = io.WriteString(sum, f.values.Encode())
	if f.v.r.MultipartForm != nil {
		for _, name := range slices.Sorted(maps.Keys(f.v.r.MultipartForm.File)) {
			for _, file := range f.v.r.MultipartForm.File[name] {
				fmt.Fprintf(sum, "&%q=%q:%d", name, file.Filename, file.Size)
			}
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// Blank is a form that nobody has filled in yet, for a page that has several.
func (v *Visit) Blank() *Form {
	return &Form{v: v, values: url.Values{}, op: rand.Text(), wrong: map[string]chat.Text{}}
}

// Set gives a field a value if it has none yet: what the form begins with.
func (f *Form) Set(name, value string) {
	if !f.values.Has(name) {
		f.values.Set(name, value)
	}
}

// Text is a field's value without spaces around it.
func (f *Form) Text(name string) string { return strings.TrimSpace(f.values.Get(name)) }

// Texts are all values of a field that may have several.
func (f *Form) Texts(name string) []string { return f.values[name] }

// On tells whether a box is ticked.
func (f *Form) On(name string) bool { return f.values.Get(name) != "" }

// ID reads an id, such as a choice of a list; 0 when there is none.
func (f *Form) ID(name string) int64 {
	return read(f, name, "web.form.choice", func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) })
}

// Int reads a whole number; 0 when the field is empty.
func (f *Form) Int(name string) int { return read(f, name, "web.form.whole", strconv.Atoi) }

// Decimal reads a number, with a comma or a point, spaces between groups of digits; 0 when the field is empty.
func (f *Form) Decimal(name string) decimal.Decimal {
	return read(f, name, "web.form.number", func(s string) (decimal.Decimal, error) {
		s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".").Replace(s)
		if strings.ContainsAny(s, "eE") || len(s) > 40 {
			return decimal.Decimal{}, strconv.ErrSyntax
		}
		return decimal.NewFromString(s)
	})
}

// Date reads a day; the zero one when the field is empty.
func (f *Form) Date(name string) calendar.Date { return read(f, name, "web.form.date", calendar.Parse) }

// Moment reads a moment of a zone, as a field of the type datetime-local has it; the zero one when the field is empty. A
// time that clocks in the zone skip is noted as wrong; of one that they show twice it is the first.
func (f *Form) Moment(name string, zone *time.Location) time.Time {
	return read(f, name, "web.form.moment", func(s string) (time.Time, error) {
		wall, err := time.Parse("2006-01-02T15:04:05", s)
		if err != nil {
			wall, err = time.Parse(momentLayout, s)
		}
		if err != nil {
			return wall, err
		}
		day := calendar.In(wall, time.UTC)
		return yard.MomentOf(day, wall.Sub(day.Start(time.UTC)), zone)
	})
}

const momentLayout = "2006-01-02T15:04"

// MomentValue is a moment as such a field has it.
func MomentValue(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(momentLayout)
}

// read reads a field that is not empty and notes with it when that fails: a fault's words, or else those of key.
func read[T any](f *Form, name, key string, parse func(string) (T, error)) T {
	var none T
	s := f.Text(name)
	if s == "" {
		return none
	}
	value, err := parse(s)
	if refused := fault.As(err); refused != nil {
		f.Wrong(name, refused.Text)
		return none
	}
	if err != nil {
		f.Wrong(name, chat.T(key))
		return none
	}
	return value
}

// Upload is a file that came with the form; nil, noted as missing, when there is none. The caller closes it.
func (f *Form) Upload(name string) (file multipart.File, called string) {
	if f.v.r.MultipartForm != nil && len(f.v.r.MultipartForm.File[name]) > 0 {
		head := f.v.r.MultipartForm.File[name][0]
		if file, err := head.Open(); err == nil && head.Size > 0 {
			return file, head.Filename
		}
	}
	f.Wrong(name, chat.T("web.form.file"))
	return nil, ""
}

// Need notes the fields that are empty.
func (f *Form) Need(names ...string) {
	for _, name := range names {
		if f.Text(name) == "" {
			f.Wrong(name, chat.T("web.form.needed"))
		}
	}
}

// Wrong notes what is wrong with a field, or with "" the whole form. The first word on a field stays.
func (f *Form) Wrong(name string, why chat.Text) {
	if _, known := f.wrong[name]; !known {
		f.wrong[name] = why
	}
	if f.v.status == 0 {
		f.v.status = http.StatusUnprocessableEntity
	}
}

// OK tells whether everything could be read so far.
func (f *Form) OK() bool { return len(f.wrong) == 0 }

// Refuse notes a fault's words with the field that its catalogue key stands for, or else above the form. It gives back
// what is no fault, and what forbids.
func (f *Form) Refuse(err error, fields map[string]string) error {
	refused := fault.As(err)
	if refused == nil || refused.Kind == fault.Forbidden {
		return err
	}
	f.Wrong(fields[refused.Text.Key], refused.Text)
	f.v.status = statuses[refused.Kind]
	return nil
}
