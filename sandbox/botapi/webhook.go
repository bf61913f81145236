package botapi

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

var secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

// askedFor are the update kinds that a bot gets only when it names them.
var askedFor = []string{"chat_member", "message_reaction", "message_reaction_count"}

// knownUpdates are the update kinds of the API; in allowed_updates others are passed over.
var knownUpdates = []string{
	"message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
	"edited_business_message", "deleted_business_messages", "message_reaction", "message_reaction_count",
	"inline_query", "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query",
	"purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
	"removed_chat_boost", "managed_bot", "subscription",
}

// wants tells whether a bot is to be told of updates of a kind. Kinds unknown to the API, as only an injected update
// has them, always are.
func (b *bot) wants(kind string) bool {
	if !slices.Contains(knownUpdates, kind) {
		return true
	}
	if len(b.allowed) == 0 {
		return !slices.Contains(askedFor, kind)
	}
	return slices.Contains(b.allowed, kind)
}

// allowedUpdates gives the kinds that the call asks for, or the earlier ones when it does not say.
func (c *call) allowedUpdates() ([]string, error) {
	if !c.params.has("allowed_updates") {
		return c.bot.allowed, nil
	}
	var kinds []string
	if err := c.params.json("allowed_updates", "allowed_updates", &kinds); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(kinds, func(k string) bool { return !slices.Contains(knownUpdates, k) }), nil
}

func setWebhook(c *call) (any, error) {
	next := hook{URL: c.params.values["url"], Secret: c.params.values["secret_token"]}
	if next.URL == "" {
		return deleteWebhook(c)
	}
	if c.s.cfg.Faults.Limits() && c.now.Sub(c.bot.hookSetAt) < time.Second {
		return nil, tooManyRequests(1)
	}
	next.MaxConnections = c.params.int("max_connections", 40, 1, 100)
	switch {
	case len(next.Secret) > 256:
		return nil, badRequest("secret token is too long")
	case !secretShape.MatchString(next.Secret):
		return nil, badRequest("secret token contains unallowed characters")
	case c.params.has("certificate") || len(c.params.files) > 0 || c.params.has("ip_address"):
		return nil, badRequest("certificates and fixed addresses of webhooks are not known to the sandbox")
	}
	if err := loopbackURL(next.URL); err != nil {
		return nil, err
	}
	allowed, err := c.allowedUpdates()
	if err != nil {
		return nil, err
	}
	c.bot.hookSetAt = c.now
	c.note = "Webhook was set"
	if next == c.bot.hook && slices.Equal(allowed, c.bot.allowed) && !c.params.bool("drop_pending_updates") {
		c.note = "Webhook is already set"
		return true, nil
	}
	return true, c.changeHook(next, allowed, "Conflict: terminated by setWebhook request")
}

func deleteWebhook(c *call) (any, error) {
	c.note = "Webhook was deleted"
	if c.bot.hook.URL == "" {
		c.note = "Webhook is already deleted"
	}
	return true, c.changeHook(hook{}, c.bot.allowed, "")
}

// changeHook keeps the new webhook and delivers what is pending to it. conflict ends a waiting getUpdates.
func (c *call) changeHook(next hook, allowed []string, conflict string) error {
	r := &record{Hook: &hookRecord{Bot: c.bot.ID, Hook: next, Allowed: allowed}}
	if c.params.bool("drop_pending_updates") {
		r.Done = &doneRecord{Bot: c.bot.ID, Below: c.bot.nextUpdate}
	}
	if err := c.s.commit(r); err != nil {
		return err
	}
	if conflict != "" {
		c.bot.endPoll(conflict)
	}
	c.bot.hookError, c.bot.hookErrorAt = "", time.Time{}
	c.s.startDelivery(c.bot)
	return nil
}

// loopbackURL refuses webhooks that the sandbox does not deliver to.
func loopbackURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return badRequest("invalid webhook URL specified")
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	}
	host := strings.ToLower(u.Hostname())
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return badRequest("bad webhook: the sandbox delivers to loopback addresses only")
}

func getWebhookInfo(c *call) (any, error) {
	h := c.bot.hook
	info := map[string]any{
		"url": h.URL, "has_custom_certificate": false, "pending_update_count": len(c.bot.pending),
	}
	if h.URL != "" {
		info["max_connections"] = h.MaxConnections
		info["ip_address"] = "127.0.0.1"
	}
	if len(c.bot.allowed) > 0 {
		info["allowed_updates"] = c.bot.allowed
	}
	if !c.bot.hookErrorAt.IsZero() {
		info["last_error_date"] = c.bot.hookErrorAt.Unix()
		info["last_error_message"] = c.bot.hookError
	}
	return info, nil
}
