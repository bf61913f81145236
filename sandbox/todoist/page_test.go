package todoist

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// tab opens a browser's tab with a viewport of the given size, or skips the test where there is no browser.
func tab(t *testing.T, width, height int64) context.Context {
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium on this machine")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, height)))
	return ctx
}

// run takes the steps. One whose element the page was just drawing anew is taken again, as a hand would.
func run(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for _, step := range steps {
		err := chromedp.Do(ctx, step)
		for try := 0; try < 10 && err != nil && strings.Contains(err.Error(), "Could not find node"); try++ {
			err = chromedp.Do(ctx, step)
		}
		require.NoError(t, err)
	}
}

// until waits until an expression holds in the page.
func until(expression string, args ...any) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](fmt.Sprintf(expression, args...))
}

func choose(selector, value string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`{const s = document.querySelector(%q); s.value = %q; s.dispatchEvent(new Event('change', {bubbles: true}))}`, selector, value))
}

func css(format string, args ...any) chromedp.CSS { return chromedp.CSS(fmt.Sprintf(format, args...)) }

func TestThePageByMouse(t *testing.T) {
	ctx, d := tab(t, 1400, 900), newDesk(t)
	fresh := d.api("POST", "sections", object{"name": "New", "project_id": d.project()})["id"].(string)
	taken := d.api("POST", "sections", object{"name": "Taken", "project_id": d.project()})["id"].(string)
	id := d.api("POST", "tasks", object{"content": "#5 <b>Chairs</b>", "section_id": fresh, "labels": []string{"Venue"}})["id"].(string)
	card := css(`.card[data-task="%s"]`, id)
	run(t, ctx, chromedp.Navigate(d.http.URL+"/board"), chromedp.WaitVisible(card),
		until(`document.querySelector('.live.on') && document.querySelector('.card .number').textContent === '#5'
			&& document.querySelector('.card h3').textContent === '<b>Chairs</b>'`))

	run(t, ctx, chromedp.DragAndDrop(card, css(`.column[data-section="%s"]`, taken)),
		until(`document.querySelector('.column[data-section="%s"] .card[data-task="%s"]')`, taken, id))
	task := d.api("GET", "tasks/"+id, nil)
	require.Equal(t, taken, task["section_id"])

	// somebody else's comment appears by itself, what is half-written stays, a file goes with it
	file := filepath.Join(t.TempDir(), "plan.txt")
	require.NoError(t, os.WriteFile(file, []byte("the plan"), 0o600))
	run(t, ctx, choose("#acting", igor), chromedp.Click(card), chromedp.WaitVisible(css("#detail[open]")),
		chromedp.SendKeys(css(".composer textarea"), "On my way"))
	d.api("POST", "comments", object{"task_id": id, "content": "Which hall?"})
	run(t, ctx, until(`document.querySelector('.comments').textContent.includes('Which hall?')
		&& document.querySelector('.composer textarea').value === 'On my way'`),
		chromedp.SetUploadFiles(css("#comment-file"), []string{file}),
		chromedp.Click(css(`[data-action=send]`)),
		until(`document.querySelector('.comment .file')?.textContent.includes('plan.txt')`))
	notes := d.api("GET", "comments?task_id="+id, nil)["results"]
	require.Equal(t, []any{"Which hall?", "On my way"}, names(notes, "content"))
	require.Equal(t, []any{"51000001", igor}, names(notes, "posted_uid"))

	run(t, ctx, chromedp.Click(css("#detail [data-action=complete]")), chromedp.WaitVisible(css("#detail [data-action=reopen]")),
		until(`!document.querySelector('.card')`))
	require.Equal(t, igor, d.api("GET", "tasks/"+id, nil)["completed_by_uid"])
	run(t, ctx, chromedp.Click(css("#detail [data-action=close]")), chromedp.Click(css("#show-done")),
		chromedp.WaitVisible(css(".card.done")), chromedp.Click(css(".card.done")),
		chromedp.Click(css("#detail [data-action=reopen]")), chromedp.WaitVisible(css("#detail [data-action=complete]")),
		chromedp.Click(css("#detail [data-action=delete]")), until(`document.querySelector('[data-sure]')`),
		chromedp.Click(css("#detail [data-action=delete]")), until(`!document.querySelector('.card') && !document.querySelector('#detail').open`))
}

func TestThePageOnAPhone(t *testing.T) {
	ctx, d := tab(t, 390, 844), newDesk(t)
	fresh := d.api("POST", "sections", object{"name": "New", "project_id": d.project()})["id"].(string)
	taken := d.api("POST", "sections", object{"name": "Taken", "project_id": d.project()})["id"].(string)
	run(t, ctx, chromedp.Navigate(d.http.URL+"/board"), chromedp.WaitVisible(css(".tabs button")),
		chromedp.SendKeys(css(`.column[data-section="%s"] .adder input`, fresh), "#6 Keys\r"), chromedp.WaitVisible(css(".card")),
		chromedp.Click(css(".card")), choose("#detail [data-action=move]", taken), choose("#detail [data-action=assign]", nadia),
		until(`document.querySelector('.column[data-section="%s"] .card .avatar')`, taken),
		until(`document.documentElement.scrollWidth <= 390`))
	task := d.api("GET", "tasks", nil)["results"].([]any)[0].(object)
	require.Equal(t, taken, task["section_id"])
	require.Equal(t, nadia, task["responsible_uid"])
}
