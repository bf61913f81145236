package botapi

import "encoding/json"

// User is the Bot API's User.
type User struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	LastName     string `json:"last_name,omitempty"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

// Chat is the Bot API's Chat; here always a private one.
type Chat struct {
	ID        int64  `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
	Type      string `json:"type"`
}

// Entity is the Bot API's MessageEntity. Offset and Length count UTF-16 code units.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
}

// Photo is the Bot API's PhotoSize.
type Photo struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileSize     int64  `json:"file_size,omitempty"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
}

// Media is the Bot API's Document, Voice, Audio, Video, VideoNote or Animation. The pointers are of fields which only
// some of these have.
type Media struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileName     string `json:"file_name,omitempty"`
	MimeType     string `json:"mime_type,omitempty"`
	FileSize     int64  `json:"file_size,omitempty"`
	Duration     *int   `json:"duration,omitempty"`
	Width        *int   `json:"width,omitempty"`
	Height       *int   `json:"height,omitempty"`
	Length       *int   `json:"length,omitempty"`
}

// Button is the Bot API's InlineKeyboardButton.
type Button struct {
	Text         string    `json:"text"`
	CallbackData string    `json:"callback_data,omitempty"`
	URL          string    `json:"url,omitempty"`
	CopyText     *CopyText `json:"copy_text,omitempty"`
	Style        string    `json:"style,omitempty"`
}

// CopyText is the Bot API's CopyTextButton.
type CopyText struct {
	Text string `json:"text"`
}

// Markup is the Bot API's InlineKeyboardMarkup.
type Markup struct {
	Rows [][]Button `json:"inline_keyboard"`
}

// Message is the Bot API's Message, as far as private chats need it.
type Message struct {
	MessageID     int             `json:"message_id"`
	From          *User           `json:"from,omitempty"`
	Chat          Chat            `json:"chat"`
	Date          int64           `json:"date"`
	EditDate      int64           `json:"edit_date,omitempty"`
	ForwardOrigin json.RawMessage `json:"forward_origin,omitempty"`
	ReplyTo       *Message        `json:"reply_to_message,omitempty"`
	MediaGroupID  string          `json:"media_group_id,omitempty"`
	Protected     bool            `json:"has_protected_content,omitempty"`

	Text        string          `json:"text,omitempty"`
	Entities    []Entity        `json:"entities,omitempty"`
	LinkPreview json.RawMessage `json:"link_preview_options,omitempty"`

	Photo     []Photo `json:"photo,omitempty"`
	Document  *Media  `json:"document,omitempty"`
	Voice     *Media  `json:"voice,omitempty"`
	Audio     *Media  `json:"audio,omitempty"`
	Video     *Media  `json:"video,omitempty"`
	VideoNote *Media  `json:"video_note,omitempty"`
	Animation *Media  `json:"animation,omitempty"`

	Caption         string   `json:"caption,omitempty"`
	CaptionEntities []Entity `json:"caption_entities,omitempty"`

	Sticker  json.RawMessage `json:"sticker,omitempty"`
	Location json.RawMessage `json:"location,omitempty"`
	Contact  json.RawMessage `json:"contact,omitempty"`
	Dice     json.RawMessage `json:"dice,omitempty"`
	Poll     json.RawMessage `json:"poll,omitempty"`

	ReplyMarkup *Markup `json:"reply_markup,omitempty"`
}

// hasMedia tells whether the message carries a file, so that its words are a caption.
func (m *Message) hasMedia() bool {
	return len(m.Photo) > 0 || m.Document != nil || m.Voice != nil || m.Audio != nil || m.Video != nil ||
		m.VideoNote != nil || m.Animation != nil
}
