package botapi

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseHTML turns HTML as the Bot API takes it into plain text and entities. Its errors are the API's.
func parseHTML(in string) (string, []Entity, error) {
	p := &htmlParser{in: in}
	for p.pos < len(p.in) {
		var err error
		switch c := p.in[p.pos]; {
		case c == '&':
			p.escape()
		case c != '<':
			r, size := utf8.DecodeRuneInString(p.in[p.pos:])
			p.write(r)
			p.pos += size
		case strings.HasPrefix(p.in[p.pos:], "</"):
			err = p.closeTag()
		default:
			err = p.openTag()
		}
		if err != nil {
			return "", nil, err
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, badMarkup("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	sortEntities(p.entities)
	return p.out.String(), p.entities, nil
}

func badMarkup(format string, args ...any) error {
	return badRequest("can't parse entities: "+format, args...)
}

type htmlParser struct {
	in       string
	pos      int
	out      strings.Builder
	units    int // UTF-16 code units written
	open     []htmlTag
	entities []Entity
}

type htmlTag struct {
	name  string
	attrs map[string]string
	start int // in UTF-16 code units
	plain int // in bytes of out
}

// entityTypes maps tags to the type of entity they make.
var entityTypes = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "span": "spoiler", "tg-spoiler": "spoiler",
	"a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
}

func (p *htmlParser) write(r rune) {
	p.out.WriteRune(r)
	p.units += runeUnits(r)
}

// escape writes what a &…; stands for, or the ampersand itself when it stands for nothing.
func (p *htmlParser) escape() {
	rest := p.in[p.pos:]
	for name, r := range map[string]rune{"&lt;": '<', "&gt;": '>', "&amp;": '&', "&quot;": '"'} {
		if strings.HasPrefix(rest, name) {
			p.write(r)
			p.pos += len(name)
			return
		}
	}
	if end := strings.IndexByte(rest, ';'); strings.HasPrefix(rest, "&#") && end > 2 && end < 12 {
		digits, base := rest[2:end], 10
		if digits[0] == 'x' || digits[0] == 'X' {
			digits, base = digits[1:], 16
		}
		if n, err := strconv.ParseInt(digits, base, 32); err == nil && n > 0 && utf8.ValidRune(rune(n)) {
			p.write(rune(n))
			p.pos += end + 1
			return
		}
	}
	p.write('&')
	p.pos++
}

func (p *htmlParser) openTag() error {
	begin := p.pos
	end := begin + 1
	for end < len(p.in) && !isSpace(p.in[end]) && p.in[end] != '>' {
		end++
	}
	if end == len(p.in) {
		return badMarkup("Unclosed start tag at byte offset %d", begin)
	}
	tag := htmlTag{name: strings.ToLower(p.in[begin+1 : end]), attrs: map[string]string{}, start: p.units, plain: p.out.Len()}
	if entityTypes[tag.name] == "" {
		return badMarkup("Unsupported start tag \"%s\" at byte offset %d", tag.name, begin)
	}
	p.pos = end
	for {
		for p.pos < len(p.in) && isSpace(p.in[p.pos]) {
			p.pos++
		}
		if p.pos == len(p.in) {
			return badMarkup("Unclosed start tag at byte offset %d", begin)
		}
		if p.in[p.pos] == '>' {
			p.pos++
			break
		}
		if err := p.attribute(&tag, begin); err != nil {
			return err
		}
	}
	if tag.name == "span" && tag.attrs["class"] != "tg-spoiler" {
		return badMarkup("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, tag)
	return nil
}

func (p *htmlParser) attribute(tag *htmlTag, begin int) error {
	start := p.pos
	for p.pos < len(p.in) && !isSpace(p.in[p.pos]) && !strings.ContainsRune(`=>/"'`, rune(p.in[p.pos])) {
		p.pos++
	}
	name := strings.ToLower(p.in[start:p.pos])
	if name == "" {
		return badMarkup("Empty attribute name in the tag \"%s\" at byte offset %d", tag.name, begin)
	}
	if p.pos < len(p.in) && p.in[p.pos] != '=' {
		tag.attrs[name] = "" // an attribute of its own, like "expandable"
		return nil
	}
	p.pos++
	if p.pos >= len(p.in) {
		return badMarkup("Unclosed start tag at byte offset %d", begin)
	}
	start = p.pos
	if quote := p.in[p.pos]; quote == '"' || quote == '\'' {
		end := strings.IndexByte(p.in[start+1:], quote)
		if end < 0 {
			return badMarkup("Unclosed start tag at byte offset %d", begin)
		}
		value := &htmlParser{in: p.in[start+1 : start+1+end]}
		for value.pos < len(value.in) {
			if value.in[value.pos] == '&' {
				value.escape()
				continue
			}
			value.out.WriteByte(value.in[value.pos])
			value.pos++
		}
		tag.attrs[name] = value.out.String()
		p.pos = start + end + 2
		return nil
	}
	for p.pos < len(p.in) && !isSpace(p.in[p.pos]) && p.in[p.pos] != '>' {
		p.pos++
	}
	tag.attrs[name] = p.in[start:p.pos]
	return nil
}

func (p *htmlParser) closeTag() error {
	begin := p.pos
	if len(p.open) == 0 {
		return badMarkup("Unexpected end tag at byte offset %d", begin)
	}
	end := strings.IndexByte(p.in[begin:], '>')
	if end < 0 {
		return badMarkup("Unclosed end tag at byte offset %d", begin)
	}
	tag := p.open[len(p.open)-1]
	name := strings.TrimSpace(strings.ToLower(p.in[begin+2 : begin+end]))
	if name != "" && name != tag.name {
		return badMarkup("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	p.pos = begin + end + 1
	if p.units == tag.start {
		return nil
	}
	e := Entity{Type: entityTypes[tag.name], Offset: tag.start, Length: p.units - tag.start}
	switch tag.name {
	case "a":
		if e.URL = tag.attrs["href"]; e.URL == "" {
			e.URL = p.out.String()[tag.plain:]
		}
		if !strings.Contains(e.URL, ".") && !strings.Contains(e.URL, "://") {
			return nil
		}
	case "blockquote":
		if _, expandable := tag.attrs["expandable"]; expandable {
			e.Type = "expandable_blockquote"
		}
	case "code":
		if language, ok := strings.CutPrefix(tag.attrs["class"], "language-"); ok {
			e.Language = language
		}
	case "pre":
		p.mergeCode(&e)
	}
	p.entities = append(p.entities, e)
	return nil
}

// mergeCode takes a code element that fills a pre one as its language.
func (p *htmlParser) mergeCode(pre *Entity) {
	if n := len(p.entities); n > 0 {
		last := p.entities[n-1]
		if last.Type == "code" && last.Offset == pre.Offset && last.Length == pre.Length {
			pre.Language = last.Language
			p.entities = p.entities[:n-1]
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// runeUnits is how many UTF-16 code units a rune takes.
func runeUnits(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// units is the length of a text in UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += runeUnits(r)
	}
	return n
}

func sortEntities(es []Entity) {
	slices.SortStableFunc(es, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
	})
}
