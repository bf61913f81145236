package botapi

import (
	"encoding/json"
	"net/url"
	"strings"
)

const (
	maxButtons     = 100
	maxButtonsRow  = 8
	maxMarkupBytes = 10_000
)

// markup reads the reply_markup parameter: an inline keyboard, or nil when there is none.
func (p params) markup() (*Markup, error) {
	if !p.has("reply_markup") {
		return nil, nil
	}
	raw := []byte(p.values["reply_markup"])
	var object map[string]json.RawMessage
	if !json.Valid(raw) {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	if json.Unmarshal(raw, &object) != nil {
		return nil, badRequest("object expected as reply markup")
	}
	for _, other := range []string{"keyboard", "remove_keyboard", "force_reply"} {
		if _, ok := object[other]; ok {
			return nil, badRequest("reply markup %q is not known to the sandbox", other)
		}
	}
	var rows [][]map[string]json.RawMessage
	if inline, ok := object["inline_keyboard"]; ok && json.Unmarshal(inline, &rows) != nil {
		return nil, badRequest("field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays")
	}
	if len(raw) > maxMarkupBytes {
		return nil, badRequest("reply markup is too long")
	}
	m := &Markup{}
	count := 0
	for _, row := range rows {
		var buttons []Button
		for _, object := range row {
			b, err := readButton(object)
			if err != nil {
				return nil, err
			}
			buttons = append(buttons, b)
			count++
		}
		if len(buttons) > maxButtonsRow {
			return nil, badRequest("BUTTON_COUNT_INVALID")
		}
		if len(buttons) > 0 {
			m.Rows = append(m.Rows, buttons)
		}
	}
	if count > maxButtons {
		return nil, badRequest("reply markup is too long")
	}
	if count == 0 {
		return nil, nil
	}
	return m, nil
}

func readButton(object map[string]json.RawMessage) (Button, error) {
	var b Button
	for name, raw := range object {
		var err error
		switch name {
		case "text":
			err = json.Unmarshal(raw, &b.Text)
		case "callback_data":
			err = json.Unmarshal(raw, &b.CallbackData)
		case "url":
			err = json.Unmarshal(raw, &b.URL)
		case "copy_text":
			err = json.Unmarshal(raw, &b.CopyText)
		case "style":
			err = json.Unmarshal(raw, &b.Style)
		default:
			return b, badRequest("can't parse inline keyboard button: field %q is not known to the sandbox", name)
		}
		if err != nil {
			return b, badRequest("can't parse inline keyboard button: Field %q has a wrong type", name)
		}
	}
	actions := 0
	for _, set := range []bool{b.CallbackData != "", b.URL != "", b.CopyText != nil} {
		if set {
			actions++
		}
	}
	switch {
	case strings.TrimSpace(b.Text) == "":
		return b, badRequest("can't parse inline keyboard button: Field \"text\" must be non-empty")
	case actions == 0:
		return b, badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case actions > 1:
		return b, badRequest("BUTTON_TYPE_INVALID")
	case len(b.CallbackData) > 64:
		return b, badRequest("BUTTON_DATA_INVALID")
	case b.CopyText != nil && (b.CopyText.Text == "" || units(b.CopyText.Text) > 256):
		return b, badRequest("BUTTON_COPY_TEXT_INVALID")
	case b.Style != "" && b.Style != "danger" && b.Style != "success" && b.Style != "primary":
		return b, badRequest("can't parse inline keyboard button: invalid button style specified")
	case b.URL != "" && !validLink(b.URL):
		return b, badRequest("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", b.URL)
	}
	return b, nil
}

func validLink(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return strings.Contains(u.Hostname(), ".")
	case "tg":
		return true
	case "":
		return strings.HasPrefix(s, "t.me/")
	}
	return false
}
