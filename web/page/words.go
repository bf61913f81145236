package page

import (
	"net/http"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	g "maragu.dev/gomponents"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/money"
	"quaydesk/domain/people"
	"quaydesk/texts"
)

// langCookie is the language that a stranger chose; members' languages are kept with the person.
const langCookie = "lang"

// language is that of a visitor whom we do not know: chosen, or else the browser's.
func language(r *http.Request) string {
	if c, err := r.Cookie(langCookie); err == nil {
		return people.Language(c.Value)
	}
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	return people.Language(strings.TrimSpace(first))
}

// SpeakTo keeps the language that a stranger chose.
func (v *Visit) SpeakTo(lang string) {
	http.SetCookie(v.w, &http.Cookie{Name: langCookie, Value: people.Language(lang), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: v.frame.Sessions.Cookie.Secure, SameSite: http.SameSiteLaxMode})
}

// T is the text of a catalogue key in the visitor's language, with its markup; args are as in chat.T.
func (v *Visit) T(key string, args ...any) g.Node { return v.Words(chat.T(key, args...)) }

// S is T without markup, for attributes.
func (v *Visit) S(key string, args ...any) string { return v.Label(chat.T(key, args...)) }

// Words is a text in the visitor's language; moments are shown in the workspace's zone.
func (v *Visit) Words(t chat.Text) g.Node {
	return g.Raw(strings.ReplaceAll(v.frame.Texts.HTML(v.Lang, v.Zone, t), "\n", "<br>"))
}

// Label is Words without markup.
func (v *Visit) Label(t chat.Text) string { return v.frame.Texts.Label(v.Lang, v.Zone, t) }

// Time shows a moment in the workspace's zone; the zero one is empty.
func (v *Visit) Time(t time.Time) g.Node { return v.TimeIn(t, v.Zone) }

// TimeIn shows a moment in another zone, such as a terminal's.
func (v *Visit) TimeIn(t time.Time, zone *time.Location) g.Node {
	if t.IsZero() {
		return nil
	}
	return g.El("time", g.Attr("datetime", t.UTC().Format(time.RFC3339)),
		g.Text(v.frame.Texts.Label(v.Lang, zone, chat.At(t))))
}

// Date shows a day; the zero one is empty.
func (v *Visit) Date(d calendar.Date) g.Node {
	if d == 0 {
		return nil
	}
	return g.El("time", g.Attr("datetime", d.String()), g.Text(texts.Date(v.Lang, d)))
}

// Number shows a number with all its digits.
func (v *Visit) Number(d decimal.Decimal) g.Node { return g.Text(texts.Number(v.Lang, d.String())) }

// Count shows a whole number.
func (v *Visit) Count(n int) g.Node { return v.Number(decimal.NewFromInt(int64(n))) }

// Money shows an amount with the currency's digits and its code.
func (v *Visit) Money(a money.Amount) g.Node { return g.Text(texts.Money(v.Lang, a)) }
