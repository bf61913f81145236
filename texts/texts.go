// Package texts is the catalogue of everything the product says in chats, in every language it speaks: a file for each
// module and language, <module>.<lang>.toml, with flat keys such as "desk.filed". Templates may hold Telegram's <b>, <i>
// and <code>; what comes in as an argument is escaped.
package texts

import (
	"embed"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
)

//go:embed *.toml
var files embed.FS

// Languages lists the product's languages. The first stands in for a language or a text that is missing.
var Languages = []string{"en", "ru"}

// times is how a moment is shown.
var times = map[string]string{"en": "2 Jan 2006, 15:04", "ru": "02.01.2006 15:04"}

// Catalogue renders texts. Safe for concurrent use.
type Catalogue struct {
	localizers map[string]*i18n.Localizer
}

// New reads the embedded catalogue. It panics when that is broken, which a test would have told.
func New() *Catalogue {
	bundle := i18n.NewBundle(language.MustParse(Languages[0]))
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	names, err := fs.Glob(files, "*.toml")
	if err != nil {
		panic(fmt.Sprintf("texts: %v", err))
	}
	for _, name := range names {
		if _, err := bundle.LoadMessageFileFS(files, name); err != nil {
			panic(fmt.Sprintf("texts: %s: %v", name, err))
		}
	}
	c := &Catalogue{localizers: map[string]*i18n.Localizer{}}
	for _, lang := range Languages {
		c.localizers[lang] = i18n.NewLocalizer(bundle, lang)
	}
	return c
}

// HTML gives a text in a language as Telegram's HTML; moments are shown in zone.
func (c *Catalogue) HTML(lang string, zone *time.Location, t chat.Text) string {
	if c.localizers[lang] == nil {
		lang = Languages[0]
	}
	switch {
	case t.Key != "":
		return c.keyed(lang, zone, t)
	case t.Time != nil:
		return t.Time.In(zone).Format(times[lang])
	case t.Day != "":
		day, err := calendar.Parse(t.Day)
		if err != nil {
			return html.EscapeString(t.Day)
		}
		return Date(lang, day)
	case t.Sum != "":
		value, currency, _ := strings.Cut(t.Sum, " ")
		return html.EscapeString(Number(lang, value) + "\u00a0" + currency)
	case len(t.Lines) > 0:
		lines := make([]string, len(t.Lines))
		for i, line := range t.Lines {
			lines[i] = c.HTML(lang, zone, line)
		}
		return strings.Join(lines, "\n")
	default:
		return html.EscapeString(t.Plain)
	}
}

func (c *Catalogue) keyed(lang string, zone *time.Location, t chat.Text) string {
	data := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(t.Args)) {
		data[name] = c.HTML(lang, zone, t.Args[name])
	}
	config := &i18n.LocalizeConfig{MessageID: t.Key, TemplateData: data}
	if t.Count != nil {
		data["Count"] = *t.Count
		config.PluralCount = *t.Count
	}
	said, err := c.localizers[lang].Localize(config)
	if err != nil {
		return html.EscapeString(t.Key) // better a key than nothing; the tests keep this from happening
	}
	return said
}

var tag = regexp.MustCompile(`<[^>]*>`)

// Label gives a text in a language without any markup, for buttons.
func (c *Catalogue) Label(lang string, zone *time.Location, t chat.Text) string {
	return html.UnescapeString(tag.ReplaceAllString(c.HTML(lang, zone, t), ""))
}

// Same tells whether typed is the text in any language. Letter case, and signs around the words, make no difference.
func (c *Catalogue) Same(t chat.Text, typed string) bool {
	typed = bare(typed)
	return slices.ContainsFunc(Languages, func(lang string) bool {
		return strings.EqualFold(bare(c.Label(lang, time.UTC, t)), typed)
	})
}

// bare is a text without what is neither letter nor digit at its ends; if nothing is left, the text itself.
func bare(s string) string {
	s = strings.TrimSpace(s)
	words := strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if words == "" {
		return s
	}
	return words
}
