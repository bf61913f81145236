package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/people"
	"quaydesk/web/page"
)

var wildcard = regexp.MustCompile(`{[^}]+}`)

// Every route, asked for by everybody: who may gets an answer, who may not is told so, and a stranger is sent to sign in.
func TestEveryRouteHasItsPermission(t *testing.T) {
	s := newSite(t, nil)
	stranger := s.browser(t)
	browsers := map[people.Role]*browser{}
	for i, role := range people.Roles {
		browsers[role] = s.as(t, s.person(t, int64(100+i), string(role), role))
	}
	for _, r := range s.routes(s.needs()) {
		if r.May == page.Public {
			continue
		}
		method, path, _ := strings.Cut(r.Pattern, " ")
		path = wildcard.ReplaceAllString(path, "1")
		ask := func(b *browser) int { return b.send(method, path, nil, nil).status }
		t.Run(r.Pattern, func(t *testing.T) {
			require.Equal(t, http.StatusSeeOther, ask(stranger), "a stranger")
			for _, role := range people.Roles {
				may := role.May(r.May) || r.May == page.Members && role.Member()
				status := ask(browsers[role])
				require.Equal(t, may, status != http.StatusForbidden, "%s: %d", role, status)
				require.Less(t, status, 500, role)
			}
		})
	}
}
