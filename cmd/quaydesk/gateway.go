package main

import (
	"context"
	"net/http"
	"time"

	"quaydesk/activities/todoist"
	"quaydesk/botgateway"
	"quaydesk/botgateway/telegram"
	"quaydesk/health"
	"quaydesk/texts"
	"quaydesk/workflows/dialog"
)

// gatewayConnections bounds the gateway's connections to PostgreSQL: its eight relays, webhooks and the outbox.
const gatewayConnections = 24

type gatewayCommand struct{}

// Run takes updates from Telegram and sends what is in the outbox, until it is stopped.
func (gatewayCommand) Run(p *process) error {
	c, err := p.connect(gatewayConnections, "TELEGRAM_BOT_TOKEN")
	if err != nil {
		return err
	}
	defer c.Close()
	s, db := c.settings, c.store
	names, err := moduleNames(s)
	if err != nil {
		return err
	}
	bot, err := botgateway.EnsureBot(p.ctx, db, string(s.BotToken), "Quaydesk", names)
	if err != nil {
		return err
	}
	if err := db.Configure(p.ctx, bot, s.Owners, string(s.TimeZone), s.Reminders); err != nil {
		return err
	}
	metrics := health.NewMetrics()
	gateway := botgateway.New(botgateway.Config{
		Store:     db,
		Temporal:  c.temporal.WorkflowService(),
		Namespace: s.Temporal.Namespace,
		PublicURL: string(s.PublicURL),
		APIURL:    string(s.TelegramURL),
		Files:     sources{board: todoist.NewFiles(todoist.New(string(s.TodoistURL), s.TodoistToken)), own: db},
		Commands:  menus(),
		Log:       p.log,
		Metrics:   metrics,
	})
	mux := http.NewServeMux()
	mux.Handle("/telegram/", gateway.Handler())
	health.New(health.Check{Name: "gateway", Ask: gateway.Ready}).Register(mux, metrics)
	return all(p.ctx, gateway.Run, func(ctx context.Context) error { return health.Serve(ctx, string(s.Listen), mux) })
}

// menus are the commands that the bots show everybody, by language.
func menus() map[string][]telegram.Command {
	catalogue := texts.New()
	menus := map[string][]telegram.Command{}
	for _, c := range dialog.New(catalogue, dialogues()...).Menu() {
		for _, lang := range texts.Languages {
			help := telegram.Command{Name: c.Name, Description: catalogue.Label(lang, time.UTC, c.Help)}
			menus[lang] = append(menus[lang], help)
		}
	}
	menus[""] = menus[texts.Languages[0]]
	return menus
}
