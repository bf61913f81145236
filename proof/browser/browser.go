// Package browser looks at the sandbox's pages in a real browser, with the whole product behind them.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// ErrNone says that the machine has no Chromium.
var ErrNone = errors.New("there is no Chromium on this machine")

// Tab is a browser's tab. Every step of it waits up to a minute for what it needs.
type Tab struct {
	ctx context.Context
}

// Open starts a browser with one tab of a size, in CSS pixels. It ends with ctx.
func Open(ctx context.Context, width, height int64) (*Tab, error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, ErrNone
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path))
	if os.Geteuid() == 0 { // Chromium's own sandbox refuses root
		options = append(options, chromedp.NoSandbox)
	}
	ctx, _ = chromedp.NewExecAllocator(ctx, options...) // both end with the caller's ctx
	ctx, _ = chromedp.NewContext(ctx)
	t := &Tab{ctx}
	return t, chromedp.Do(ctx, chromedp.EmulateViewport(width, height)) // the first step's ctx is the browser's life
}

func (t *Tab) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(t.ctx, time.Minute)
	defer cancel()
	for _, step := range steps {
		err := chromedp.Do(ctx, step)
		for try := 0; try < 10 && passing(err); try++ {
			err = chromedp.Do(ctx, step)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// passing tells whether an error is of a page that was just being left, or drawing anew what was looked for.
func passing(err error) bool {
	return err != nil && slices.ContainsFunc([]string{"Could not find node", "Cannot find context", "navigated or closed"},
		func(of string) bool { return strings.Contains(err.Error(), of) })
}

// Visit opens a page.
func (t *Tab) Visit(url string) error { return t.do(chromedp.Navigate(url)) }

// Until waits until a JavaScript expression holds.
func (t *Tab) Until(expression string, args ...any) error {
	expression = fmt.Sprintf(expression, args...)
	if err := t.do(chromedp.Poll[chromedp.Void](expression)); err != nil {
		return fmt.Errorf("waiting for %s: %w", expression, err)
	}
	return nil
}

// Click clicks on what a CSS selector finds.
func (t *Tab) Click(selector string, args ...any) error {
	selector = fmt.Sprintf(selector, args...)
	if err := t.do(chromedp.Click(chromedp.CSS(selector))); err != nil {
		return fmt.Errorf("clicking on %s: %w", selector, err)
	}
	return nil
}

// Type types into what a CSS selector finds.
func (t *Tab) Type(selector, text string) error {
	return t.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Keys types wherever the focus is.
func (t *Tab) Keys(keys string) error { return t.do(chromedp.KeyEvent(keys)) }

// Enter is the key.
const Enter = kb.Enter

// Walk presses Shift+Tab until the focus is where a JavaScript expression of e, the focused element, holds.
func (t *Tab) Walk(expression string, args ...any) error {
	expression = fmt.Sprintf(expression, args...)
	for range 60 {
		if err := t.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(8))); err != nil { // 8 is Shift
			return err
		}
		ctx, cancel := context.WithTimeout(t.ctx, time.Minute)
		there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf("(e => Boolean(%s))(document.activeElement)", expression)))
		cancel()
		if err != nil || there {
			return err
		}
	}
	return fmt.Errorf("the keyboard never comes to %s", expression)
}

// Choose selects a value in a list.
func (t *Tab) Choose(selector, value string) error {
	return t.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`{const s = document.querySelector(%q); s.value = %q; s.dispatchEvent(new Event('change', {bubbles: true}))}`, selector, value)))
}

// File chooses a file in what a CSS selector finds.
func (t *Tab) File(selector, path string) error {
	return t.do(chromedp.SetUploadFiles(chromedp.CSS(selector), []string{path}))
}

// Drag drags one thing onto another.
func (t *Tab) Drag(from, to string) error {
	return t.do(chromedp.DragAndDrop(chromedp.CSS(from), chromedp.CSS(to)))
}

// Picture keeps what the tab shows as a PNG file.
func (t *Tab) Picture(path string) error {
	ctx, cancel := context.WithTimeout(t.ctx, time.Minute)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, png, 0o644)
}
