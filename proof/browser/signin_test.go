package browser

import (
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/talk"
)

// demo is somebody of the demo world.
func (w *world) demo(t *testing.T, name string) talk.Person {
	t.Helper()
	for _, p := range w.sandbox.World.People {
		if p.Name == name {
			return p
		}
	}
	require.Fail(t, "there is no "+name)
	return talk.Person{}
}

// signIn goes to a page of the web as somebody of the demo world, by way of the login.
func (w *world) signIn(t *testing.T, tab *Tab, path string, who talk.Person) {
	t.Helper()
	require.NoError(t, tab.Visit(w.WebURL+path))
	require.NoError(t, tab.Until("location.pathname == '/login'"))
	require.NoError(t, tab.Click("main a.button"))
	require.NoError(t, tab.Until("location.pathname == '/oauth/auth' && document.readyState == 'complete'"))
	require.NoError(t, tab.Click("button[value='%d']", who.ID))
	require.NoError(t, tab.Until("location.origin == %q && location.pathname == %q && document.readyState == 'complete'", w.WebURL, path))
}

// fits says that nothing of the page lies beside the screen.
const fits = "document.documentElement.scrollWidth <= innerWidth"

// The owner signs in, makes an invite's link and signs out, by mouse.
func TestOwnersInviteOnTheWeb(t *testing.T) {
	w, tab := visit(t, 1200, 800)
	require.NoError(t, tab.Visit(w.WebURL))
	require.NoError(t, tab.Until("document.querySelector('main a.button').textContent == 'Log in with Telegram'"))
	w.signIn(t, tab, "/members", w.demo(t, "Olivia Hart"))
	require.NoError(t, tab.Until("document.querySelector('table').textContent.includes('Nadia Brooks')"))
	require.NoError(t, tab.Choose("select[name=role]", "accountant"))
	require.NoError(t, tab.Click("form[action='/members/invite'] button"))
	require.NoError(t, tab.Until("/start=inv_\\w+/.test(document.querySelector('.copy')?.textContent)"))
	require.NoError(t, tab.Until(fits))
	require.NoError(t, tab.Click("form[action='/logout'] button"))
	require.NoError(t, tab.Until("location.pathname == '/' && !document.querySelector('nav')"))
}

// An agent signs in on a phone, by the keyboard alone, and is shown what agents may see.
func TestSigningInOnAPhone(t *testing.T) {
	w, tab := visit(t, 390, 800)
	require.NoError(t, tab.Visit(w.WebURL))
	require.NoError(t, tab.Walk("e.matches('main a.button')"))
	require.NoError(t, tab.Keys(Enter))
	require.NoError(t, tab.Until("location.pathname == '/oauth/auth' && document.readyState == 'complete'"))
	require.NoError(t, tab.Until(fits))
	require.NoError(t, tab.Walk("e.value == '%d'", w.demo(t, "Nadia Brooks").ID))
	require.NoError(t, tab.Keys(Enter))
	require.NoError(t, tab.Until("document.querySelector('h1')?.textContent == 'Hello, Nadia Brooks'"))
	require.NoError(t, tab.Until(fits))
	require.NoError(t, tab.Until("!document.querySelector(\"a[href='/members']\")"))
	require.NoError(t, tab.Visit(w.WebURL+"/members"))
	require.NoError(t, tab.Until("document.querySelector('main').textContent.includes('Your role does not allow this.')"))
}

// Somebody without a role is told kindly how to come to one.
func TestWhoHasNoRoleIsTold(t *testing.T) {
	w, tab := visit(t, 390, 800)
	require.NoError(t, tab.Visit(w.WebURL+"/login"))
	require.NoError(t, tab.Click("main a.button"))
	require.NoError(t, tab.Until("location.pathname == '/oauth/auth' && document.readyState == 'complete'"))
	require.NoError(t, tab.Click("button[value='%d']", w.demo(t, "Sam Rivera").ID))
	require.NoError(t, tab.Until("document.querySelector('main')?.textContent.includes('you have no role here yet')"))
}
