package botapi

import (
	"context"
	"strings"
)

// method is one method of the API.
type method struct {
	name    string
	params  []string                            // all it knows
	prepare func(context.Context, *call) error  // what may take time, without the lock
	run     func(*call) (result any, err error) // with the lock
}

// methods holds every method by its lower-case name.
var methods = map[string]method{}

func init() {
	const (
		to     = "chat_id disable_notification protect_content"
		reply  = " reply_parameters reply_to_message_id allow_sending_without_reply"
		keys   = " reply_markup"
		format = " parse_mode"
		words  = " caption parse_mode caption_entities show_caption_above_media"
		link   = " link_preview_options disable_web_page_preview"
		one    = "chat_id message_id"
		thumb  = " thumbnail thumb"
	)
	add := func(name, params string, prepare func(context.Context, *call) error, run func(*call) (any, error)) {
		methods[strings.ToLower(name)] = method{name: name, params: strings.Fields(params), prepare: prepare, run: run}
	}
	add("getMe", "", nil, getMe)
	add("getUpdates", "offset limit timeout allowed_updates", nil, nil)
	add("setWebhook", "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token", nil, setWebhook)
	add("deleteWebhook", "drop_pending_updates", nil, deleteWebhook)
	add("getWebhookInfo", "", nil, getWebhookInfo)

	add("sendMessage", to+reply+keys+link+format+" text entities", nil, sendMessage)
	for _, k := range kinds {
		extra := map[string]string{
			"photo": " has_spoiler", "document": thumb + " disable_content_type_detection", "voice": " duration",
			"audio":     thumb + " duration performer title",
			"video":     thumb + " duration width height supports_streaming has_spoiler",
			"animation": thumb + " duration width height has_spoiler", "video_note": thumb + " duration length",
		}[k.name]
		add(k.method, to+reply+keys+words+" "+k.name+extra, prepareFile(k), sendFile(k))
	}
	add("sendMediaGroup", to+reply+" media", prepareAlbum, sendAlbum)
	add("copyMessage", to+reply+keys+words+" from_chat_id message_id", nil, copyMessage)
	add("forwardMessage", to+" from_chat_id message_id", nil, forwardMessage)

	add("editMessageText", one+keys+link+format+" text entities", nil, editText)
	add("editMessageCaption", one+keys+words, nil, editCaption)
	add("editMessageReplyMarkup", one+keys, nil, editMarkup)
	add("editMessageMedia", one+keys+" media", prepareMedia, editMedia)
	add("deleteMessage", one, nil, deleteMessage)
	add("deleteMessages", "chat_id message_ids", nil, deleteMessages)

	add("answerCallbackQuery", "callback_query_id text show_alert url cache_time", nil, answerCallback)
	add("sendChatAction", "chat_id action", nil, sendAction)
	add("getFile", "file_id", nil, getFile)
	add("getChat", "chat_id", nil, getChat)
	add("setMyCommands", "commands scope language_code", nil, setCommands)
	add("getMyCommands", "scope language_code", nil, getCommands)
	add("deleteMyCommands", "scope language_code", nil, deleteCommands)
	add("setMyName", "name language_code", nil, setText("name", 64))
	add("getMyName", "language_code", nil, getText("name"))
	add("setMyDescription", "description language_code", nil, setText("description", 512))
	add("getMyDescription", "language_code", nil, getText("description"))
	add("setMyShortDescription", "short_description language_code", nil, setText("short_description", 120))
	add("getMyShortDescription", "language_code", nil, getText("short_description"))
}

func getMe(c *call) (any, error) {
	return struct {
		*User
		CanJoinGroups      bool `json:"can_join_groups"`
		CanReadAll         bool `json:"can_read_all_group_messages"`
		SupportsInline     bool `json:"supports_inline_queries"`
		CanConnectBusiness bool `json:"can_connect_to_business"`
		HasMainWebApp      bool `json:"has_main_web_app"`
	}{User: c.bot.user()}, nil
}
