package botapi

import (
	"context"
	"encoding/json"
	"reflect"
)

// editable gives the message that the call names, if a bot may change it.
func (c *call) editable() (*post, error) {
	if !c.params.has("chat_id") || !c.params.has("message_id") {
		return nil, badRequest("message identifier is not specified")
	}
	ch, _, err := c.knownChat("chat_id")
	if err != nil {
		return nil, err
	}
	p := ch.post(c.params.id("message_id"))
	switch {
	case p == nil || p.Deleted:
		return nil, badRequest("message to edit not found")
	case !p.byBot():
		return nil, badRequest("message can't be edited")
	case ch.Blocked:
		return nil, forbidden("bot was blocked by the user")
	}
	return p, nil
}

// edit keeps the changed message, unless nothing changed. A keyboard that is not given goes away.
func (c *call) edit(old *post, m Message, files []*file) (any, error) {
	var err error
	if m.ReplyMarkup, err = c.params.markup(); err != nil {
		return nil, err
	}
	if reflect.DeepEqual(m, old.Msg) {
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly " +
			"the same as a current content and reply markup of the message")
	}
	if err := c.spend(old.Person, 1); err != nil {
		return nil, err
	}
	next := *old
	onlyKeys := old.Msg
	onlyKeys.ReplyMarkup = m.ReplyMarkup
	next.Msg = m
	if !reflect.DeepEqual(onlyKeys, m) {
		next.Msg.EditDate, next.Edited = c.now.Unix(), c.now
	}
	if err := c.s.commit(&record{Files: files, Posts: []*post{&next}}); err != nil {
		return nil, err
	}
	c.s.emit(event{Kind: "edit", At: c.now, Bot: c.bot.ID, Chat: old.Person, Message: c.s.view(&next)})
	return c.s.message(&next), nil
}

func editText(c *call) (any, error) {
	p, err := c.editable()
	if err != nil {
		return nil, err
	}
	if p.Msg.Text == "" {
		return nil, badRequest("there is no text in the message to edit")
	}
	m := p.Msg
	if m.Text, m.Entities, err = c.text(); err != nil {
		return nil, err
	}
	if m.LinkPreview, err = c.linkPreview(); err != nil {
		return nil, err
	}
	return c.edit(p, m, nil)
}

func editCaption(c *call) (any, error) {
	p, err := c.editable()
	if err != nil {
		return nil, err
	}
	if !p.Msg.hasMedia() {
		return nil, badRequest("there is no caption in the message to edit")
	}
	m := p.Msg
	if m.Caption, m.CaptionEntities, err = c.caption(); err != nil {
		return nil, err
	}
	return c.edit(p, m, nil)
}

func editMarkup(c *call) (any, error) {
	p, err := c.editable()
	if err != nil {
		return nil, err
	}
	return c.edit(p, p.Msg, nil)
}

func prepareMedia(ctx context.Context, c *call) error {
	var in inputMedia
	if err := c.params.json("media", "input media", &in); err != nil {
		return err
	}
	return c.bring(ctx, in, false)
}

func editMedia(c *call) (any, error) {
	p, err := c.editable()
	if err != nil {
		return nil, err
	}
	if !p.Msg.hasMedia() {
		return nil, badRequest("there is no media in the message to edit")
	}
	var in inputMedia
	if err := c.params.json("media", "input media", &in); err != nil {
		return nil, err
	}
	item, f, err := c.item(in, 0)
	if err != nil {
		return nil, err
	}
	m := p.Msg
	m.Photo, m.Document, m.Audio, m.Video, m.Animation = item.Photo, item.Document, item.Audio, item.Video, item.Animation
	m.Voice, m.VideoNote = nil, nil
	m.Caption, m.CaptionEntities = item.Caption, item.CaptionEntities
	return c.edit(p, m, known(f))
}

func deleteMessage(c *call) (any, error) {
	if !c.params.has("message_id") {
		return nil, badRequest("message identifier is not specified")
	}
	ch, _, err := c.knownChat("chat_id")
	if err != nil {
		return nil, err
	}
	p := ch.post(c.params.id("message_id"))
	if p == nil || p.Deleted {
		return nil, badRequest("message to delete not found")
	}
	if c.now.Unix()-p.Msg.Date > 48*3600 {
		return nil, badRequest("message can't be deleted for everyone")
	}
	return true, c.remove(p)
}

func (c *call) remove(posts ...*post) error {
	r := &record{}
	for _, p := range posts {
		next := *p
		next.Deleted = true
		r.Posts = append(r.Posts, &next)
	}
	if err := c.s.commit(r); err != nil {
		return err
	}
	for _, p := range r.Posts {
		c.s.emit(event{Kind: "delete", At: c.now, Bot: c.bot.ID, Chat: p.Person, MessageID: p.Msg.MessageID})
	}
	return nil
}

// deleteMessages passes over what is not there, as the real one does.
func deleteMessages(c *call) (any, error) {
	ch, _, err := c.knownChat("chat_id")
	if err != nil {
		return nil, err
	}
	if !c.params.has("message_ids") {
		return nil, badRequest("message identifiers are not specified")
	}
	var ids []json.Number
	if err := c.params.json("message_ids", "message_ids", &ids); err != nil {
		return nil, err
	}
	if len(ids) > 100 {
		return nil, badRequest("too many message identifiers specified")
	}
	var posts []*post
	for _, n := range ids {
		id, err := n.Int64()
		if err != nil || id <= 0 {
			return nil, badRequest("invalid message identifier specified")
		}
		if p := ch.post(int(id)); p != nil && !p.Deleted && c.now.Unix()-p.Msg.Date <= 48*3600 {
			posts = append(posts, p)
		}
	}
	return true, c.remove(posts...)
}
