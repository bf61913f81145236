package botapi

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	callbackLife = 150 * time.Second // how long a press waits for a bot
	maxAnswer    = 200
	actionLife   = 5 * time.Second // how long "typing…" is shown
)

func answerCallback(c *call) (any, error) {
	cb := c.s.callbacks[c.params.values["callback_query_id"]]
	if cb == nil || cb.Bot != c.bot.ID || cb.Answered || c.now.Sub(cb.At) > callbackLife {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	if units(c.params.values["text"]) > maxAnswer {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	if link := c.params.values["url"]; link != "" && !strings.HasPrefix(link, "t.me/"+c.bot.Username) &&
		!strings.HasPrefix(link, "https://t.me/"+c.bot.Username) {
		return nil, badRequest("URL_INVALID")
	}
	next := *cb
	next.Answered, next.Text = true, c.params.values["text"]
	next.Alert, next.URL = c.params.bool("show_alert"), c.params.values["url"]
	if err := c.s.commit(&record{Callback: &next}); err != nil {
		return nil, err
	}
	if cb.done != nil {
		close(cb.done)
	}
	c.s.emit(event{
		Kind: "callback_answer", At: c.now, Bot: c.bot.ID, Chat: cb.Person, MessageID: cb.Message, Callback: cb.ID,
		Text: next.Text, Alert: next.Alert, URL: next.URL,
	})
	return true, nil
}

var actions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
	"choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func sendAction(c *call) (any, error) {
	ch, p, err := c.openChat()
	if err != nil {
		return nil, err
	}
	action := c.params.values["action"]
	if !slices.Contains(actions, action) {
		return nil, badRequest("wrong parameter action in request")
	}
	c.bot.actionsUntil[ch.Person] = c.now.Add(actionLife)
	c.s.emit(event{Kind: "action", At: c.now, Bot: c.bot.ID, Chat: p.ID, Action: action})
	return true, nil
}

func getChat(c *call) (any, error) {
	ch, p, err := c.knownChat("chat_id")
	if err != nil {
		return nil, err
	}
	if !ch.Started {
		return nil, badRequest("chat not found")
	}
	return struct {
		Chat
		ActiveUsernames []string `json:"active_usernames,omitempty"`
		AccentColor     int      `json:"accent_color_id"`
		MaxReactions    int      `json:"max_reaction_count"`
	}{Chat: chatOf(p), ActiveUsernames: slices.DeleteFunc([]string{p.Username}, func(s string) bool { return s == "" }),
		AccentColor: int(p.ID % 7), MaxReactions: 11}, nil
}

var commandShape = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// commandsKey names a list of commands by its scope and language.
func (c *call) commandsKey() (string, error) {
	scope := struct {
		Type   string      `json:"type"`
		ChatID json.Number `json:"chat_id"`
	}{Type: "default"}
	if err := c.params.json("scope", "BotCommandScope", &scope); err != nil {
		return "", err
	}
	language := c.params.values["language_code"]
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return scope.Type + "/" + language, nil
	case "chat":
		if scope.ChatID == "" {
			return "", badRequest("can't parse BotCommandScope: Empty chat_id specified")
		}
		return "chat:" + scope.ChatID.String() + "/" + language, nil
	}
	return "", badRequest("can't parse BotCommandScope: Unsupported type specified")
}

func setCommands(c *call) (any, error) {
	key, err := c.commandsKey()
	if err != nil {
		return nil, err
	}
	var list []Command
	if !c.params.has("commands") {
		return nil, badRequest("parameter \"commands\" is required")
	}
	if err := c.params.json("commands", "commands", &list); err != nil {
		return nil, err
	}
	if len(list) > 100 {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for i, one := range list {
		list[i].Command = strings.ToLower(strings.TrimPrefix(one.Command, "/"))
		switch n := units(one.Description); {
		case !commandShape.MatchString(list[i].Command):
			return nil, badRequest("BOT_COMMAND_INVALID")
		case n < 1 || n > 256:
			return nil, badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	return true, c.keepCommands(key, list)
}

func (c *call) keepCommands(key string, list []Command) error {
	err := c.s.commit(&record{Commands: &commandsRecord{Bot: c.bot.ID, Key: key, Commands: list}})
	if err == nil {
		c.s.emit(event{Kind: "chat", At: c.now, Bot: c.bot.ID})
	}
	return err
}

func getCommands(c *call) (any, error) {
	key, err := c.commandsKey()
	if err != nil {
		return nil, err
	}
	return append([]Command{}, c.bot.commands[key]...), nil
}

func deleteCommands(c *call) (any, error) {
	key, err := c.commandsKey()
	if err != nil {
		return nil, err
	}
	return true, c.keepCommands(key, nil)
}

// menu gives the commands that a person is shown: the narrowest scope first, their language before none.
func (b *bot) menu(person int64, language string) []Command {
	for _, scope := range []string{"chat:" + itoa(person), "all_private_chats", "default"} {
		for _, l := range []string{language, ""} {
			if list := b.commands[scope+"/"+l]; len(list) > 0 {
				return list
			}
		}
	}
	return []Command{}
}

func setText(name string, limit int) func(*call) (any, error) {
	return func(c *call) (any, error) {
		text := c.params.values[name]
		if units(text) > limit {
			return nil, badRequest("%s is too long", strings.ReplaceAll(name, "_", " "))
		}
		key := name + "/" + c.params.values["language_code"]
		if err := c.s.commit(&record{Text: &textRecord{Bot: c.bot.ID, Key: key, Text: text}}); err != nil {
			return nil, err
		}
		c.s.emit(event{Kind: "chat", At: c.now, Bot: c.bot.ID})
		return true, nil
	}
}

func getText(name string) func(*call) (any, error) {
	return func(c *call) (any, error) {
		return map[string]string{name: c.bot.shown(name, c.params.values["language_code"])}, nil
	}
}

// shown gives one of the bot's texts in a language, or in none when there is nothing in it.
func (b *bot) shown(name, language string) string {
	if t := b.texts[name+"/"+language]; t != "" {
		return t
	}
	if t := b.texts[name+"/"]; t != "" || name != "name" {
		return t
	}
	return b.Name
}
