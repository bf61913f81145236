package botapi

import (
	"encoding/json"
	"strconv"

	"quaydesk/sandbox/world"
)

const (
	maxText    = 4096 // UTF-16 code units
	maxCaption = 1024
)

// knownChat gives the chat of a chat_id-like parameter, be it open or not.
func (c *call) knownChat(name string) (*chat, world.Person, error) {
	if !c.params.has(name) {
		return nil, world.Person{}, badRequest("%s is empty", name)
	}
	id, err := strconv.ParseInt(c.params.values[name], 10, 64)
	p, known := c.s.people[id]
	if err != nil || !known {
		return nil, p, badRequest("chat not found")
	}
	return c.s.chat(c.bot, id), p, nil
}

// openChat gives the chat of the call if the bot may write there.
func (c *call) openChat() (*chat, world.Person, error) {
	ch, p, err := c.knownChat("chat_id")
	switch {
	case err != nil:
		return nil, p, err
	case !ch.Started:
		return nil, p, forbidden("bot can't initiate conversation with a user")
	case ch.Blocked:
		return nil, p, forbidden("bot was blocked by the user")
	}
	return ch, p, nil
}

// replyTo gives the id of the message that is replied to, or 0.
func (c *call) replyTo(ch *chat) (int, error) {
	reply := struct {
		MessageID int             `json:"message_id"`
		ChatID    json.RawMessage `json:"chat_id"`
		Without   bool            `json:"allow_sending_without_reply"`
	}{MessageID: c.params.id("reply_to_message_id"), Without: c.params.bool("allow_sending_without_reply")}
	if err := c.params.json("reply_parameters", "reply parameters", &reply); err != nil {
		return 0, err
	}
	if reply.ChatID != nil {
		return 0, badRequest("replies to another chat are not known to the sandbox")
	}
	if reply.MessageID == 0 {
		return 0, nil
	}
	if p := ch.post(reply.MessageID); p != nil && !p.Deleted {
		return reply.MessageID, nil
	}
	if reply.Without {
		return 0, nil
	}
	return 0, badRequest("message to be replied not found")
}

func (c *call) text() (string, []Entity, error) {
	if !c.params.has("text") {
		return "", nil, badRequest("message text is empty")
	}
	text, es, err := formatted(c.params.values["text"], c.params.values["parse_mode"], c.params.values["entities"])
	switch {
	case err != nil:
		return "", nil, err
	case text == "":
		return "", nil, badRequest("text must be non-empty")
	case units(text) > maxText:
		return "", nil, badRequest("message is too long")
	}
	return text, es, nil
}

func (c *call) caption() (string, []Entity, error) {
	return caption(c.params.values["caption"], c.params.values["parse_mode"], c.params.values["caption_entities"])
}

func caption(text, mode, entities string) (string, []Entity, error) {
	text, es, err := formatted(text, mode, entities)
	if err == nil && units(text) > maxCaption {
		err = badRequest("message caption is too long")
	}
	return text, es, err
}

func (c *call) linkPreview() (json.RawMessage, error) {
	var object map[string]json.RawMessage
	if err := c.params.json("link_preview_options", "link preview options", &object); err != nil {
		return nil, err
	}
	if object != nil {
		return json.RawMessage(c.params.values["link_preview_options"]), nil
	}
	if c.params.bool("disable_web_page_preview") {
		return json.RawMessage(`{"is_disabled":true}`), nil
	}
	return nil, nil
}

// send gives a bot's messages their ids, keeps them and shows them. The messages carry their content only.
func (c *call) send(ch *chat, p world.Person, reply int, files []*file, contents ...Message) ([]*post, error) {
	if err := c.spend(ch.Person, len(contents)); err != nil {
		return nil, err
	}
	r := &record{Files: files}
	for i, m := range contents {
		m.MessageID, m.From, m.Chat, m.Date = c.bot.nextMessage+i, c.bot.user(), chatOf(p), c.now.Unix()
		m.Protected = c.params.bool("protect_content")
		r.Posts = append(r.Posts, &post{Bot: c.bot.ID, Person: p.ID, Msg: m, Reply: reply, At: c.now})
	}
	if err := c.s.commit(r); err != nil {
		return nil, err
	}
	delete(c.bot.actionsUntil, p.ID)
	for _, post := range r.Posts {
		c.s.emit(event{Kind: "message", At: c.now, Bot: c.bot.ID, Chat: p.ID, Message: c.s.view(post)})
	}
	return r.Posts, nil
}

func sendMessage(c *call) (any, error) {
	ch, p, err := c.openChat()
	if err != nil {
		return nil, err
	}
	var m Message
	if m.Text, m.Entities, err = c.text(); err != nil {
		return nil, err
	}
	if m.LinkPreview, err = c.linkPreview(); err != nil {
		return nil, err
	}
	return c.sendOne(ch, p, nil, m)
}

// sendOne sends one message with the call's keyboard and reply.
func (c *call) sendOne(ch *chat, p world.Person, files []*file, m Message) (any, error) {
	var err error
	if m.ReplyMarkup, err = c.params.markup(); err != nil {
		return nil, err
	}
	reply, err := c.replyTo(ch)
	if err != nil {
		return nil, err
	}
	posts, err := c.send(ch, p, reply, files, m)
	if err != nil {
		return nil, err
	}
	return c.s.message(posts[0]), nil
}

// source gives the message that is to be copied or forwarded.
func (c *call) source(what string) (*post, error) {
	ch, _, err := c.knownChat("from_chat_id")
	if err != nil {
		return nil, err
	}
	if p := ch.post(c.params.id("message_id")); p != nil && !p.Deleted {
		return p, nil
	}
	return nil, badRequest("message to %s not found", what)
}

func copyMessage(c *call) (any, error) {
	ch, p, err := c.openChat()
	if err != nil {
		return nil, err
	}
	from, err := c.source("copy")
	if err != nil {
		return nil, err
	}
	m := content(from.Msg)
	if c.params.has("caption") && m.hasMedia() {
		if m.Caption, m.CaptionEntities, err = c.caption(); err != nil {
			return nil, err
		}
	}
	sent, err := c.sendOne(ch, p, nil, m)
	if err != nil {
		return nil, err
	}
	return map[string]int{"message_id": sent.(*Message).MessageID}, nil
}

func forwardMessage(c *call) (any, error) {
	ch, p, err := c.openChat()
	if err != nil {
		return nil, err
	}
	from, err := c.source("forward")
	if err != nil {
		return nil, err
	}
	m := content(from.Msg)
	m.ForwardOrigin, err = json.Marshal(map[string]any{"type": "user", "sender_user": from.Msg.From, "date": from.Msg.Date})
	if err != nil {
		return nil, err
	}
	posts, err := c.send(ch, p, 0, nil, m)
	if err != nil {
		return nil, err
	}
	return c.s.message(posts[0]), nil
}

// content gives a message without what belongs to its place.
func content(m Message) Message {
	m.EditDate, m.MediaGroupID, m.ReplyMarkup, m.ReplyTo, m.ForwardOrigin = 0, "", nil, nil, nil
	return m
}
