// Package pages holds the sandbox's pages: plain HTML, style and scripts, embedded.
package pages

import "embed"

// Files holds the pages and what they load, flat, by file name.
//
//go:embed *.html *.css *.js *.svg
var Files embed.FS
