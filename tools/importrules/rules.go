package main

// rule is a row of the table. Its text after an import is the reason that is printed.
type rule struct {
	only  []string          // nothing else beside the standard library
	but   []string          // allowed although a shorter path in never matches
	never map[string]string // import path or its beginning: why not
}

// testKits are packages for tests, which like tests put everything together.
var testKits = []string{"store/storetest", "workflows/dialog/dialogtest", "proof"}

const (
	pure      = "the domain is rules without I/O"
	replayed  = "a workflow is replayed: the outside is touched by activities"
	oneRoad   = "one road, one direction: see ARCHITECTURE.md"
	speakHTTP = "the sandbox speaks HTTP only, so that it proves the product and serves other bots"
	beside    = "local runs the product as processes and knows nothing of it"
)

var rules = map[string]rule{
	"domain": {
		only:  []string{"quaydesk/domain", "github.com/shopspring/decimal", "golang.org/x/text"},
		never: map[string]string{"net/http$": pure, "database/sql$": pure, "os$": pure},
	},
	"formats": {
		but:   []string{"quaydesk/domain", "quaydesk/formats", "quaydesk/texts"},
		never: map[string]string{"quaydesk": "a format knows the domain, not who reads or writes it"},
	},
	"texts": {
		but:   []string{"quaydesk/domain", "quaydesk/texts"},
		never: map[string]string{"quaydesk": oneRoad},
	},
	"workflows": {
		but: []string{"quaydesk/domain", "quaydesk/activities", "quaydesk/workflows", "quaydesk/texts"},
		never: map[string]string{
			"quaydesk":                  oneRoad,
			"github.com/jackc/pgx":      replayed,
			"database/sql":              replayed,
			"net/http":                  replayed,
			"go.temporal.io/sdk/client": replayed,
		},
	},
	"activities": {
		but:   []string{"quaydesk/domain", "quaydesk/activities", "quaydesk/store", "quaydesk/texts", "quaydesk/formats"},
		never: map[string]string{"quaydesk": "activities know the domain and the store, not who calls them"},
	},
	"worker": {
		but:   []string{"quaydesk/domain", "quaydesk/workflows", "quaydesk/activities", "quaydesk/worker", "quaydesk/store", "quaydesk/texts"},
		never: map[string]string{"quaydesk": "the worker joins workflows and activities, nothing else"},
	},
	"botgateway": {
		but:   []string{"quaydesk/domain/chat", "quaydesk/workflows/dialog", "quaydesk/store", "quaydesk/botgateway"},
		never: map[string]string{"quaydesk": "the gateway does not know what a ticket is"},
	},
	"store": {
		but:   []string{"quaydesk/domain", "quaydesk/migrations", "quaydesk/store"},
		never: map[string]string{"quaydesk": "the store is under everything else"},
	},
	"web": {
		but: []string{"quaydesk/domain", "quaydesk/store", "quaydesk/workflows", "quaydesk/texts", "quaydesk/web",
			"quaydesk/health", "quaydesk/activities/records", "quaydesk/activities/signals", "quaydesk/formats"},
		never: map[string]string{"quaydesk": "the web is another face of the same use cases"},
	},
	"settings": {
		but:   []string{"quaydesk/settings"},
		never: map[string]string{"quaydesk": "settings are plain values"},
	},
	"health":     {never: map[string]string{"quaydesk": "health is asked by every process and knows none"}},
	"migrations": {never: map[string]string{"quaydesk": "migrations are plain SQL"}},
	"local": {
		but:   []string{"quaydesk/local", "quaydesk/settings"},
		never: map[string]string{"quaydesk": beside},
	},
	"sandbox": {
		but:   []string{"quaydesk/sandbox"},
		never: map[string]string{"quaydesk": speakHTTP},
	},
	"cmd": {but: []string{"quaydesk"}},
}
