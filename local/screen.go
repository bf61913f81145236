package local

import (
	"fmt"
	"strings"
	"time"
)

// show prints the one screen that says what runs and where.
func (u *up) show(after time.Duration) {
	var b strings.Builder
	width := max(34, len(logDir(u.Settings.DataDir)))
	line := func(what, where, why string) { fmt.Fprintf(&b, "  %-9s %-*s %s\n", what, width, where, why) }
	fmt.Fprintf(&b, "\nQuaydesk is ready, after %.1f s.\n\n", after.Seconds())
	if u.sandboxURL != "" {
		line("Chat", u.sandboxURL+"/", "write to the bot as one of the demo people")
		line("Board", u.sandboxURL+"/board", "the tickets as tasks, as in Todoist")
	}
	line("Web", u.webURL+"/", "stock, tariffs, statements, invoices; /healthz, /readyz, /metrics")
	if u.temporalUI != "" {
		line("Temporal", "http://"+u.temporalUI+"/", "every conversation, ticket and waiting container as a workflow")
	}
	line("Logs", logDir(u.Settings.DataDir), "a file for each part")
	line("Data", u.Settings.DataDir, "remove it to begin anew")
	if u.sandboxURL == "" && len(u.Settings.Owners) == 0 {
		b.WriteString("\nNobody owns the desk, so nobody can invite agents: set QUAYDESK_OWNERS to your Telegram user id.\n")
	}
	b.WriteString("\nCtrl-C stops everything. The next start goes on where everybody was.\n")
	fmt.Fprint(u.Screen, b.String())
}
