// Importrules holds the house together: which folder may import what, as the table in ARCHITECTURE.md says. Run it from
// the repository's root: `importrules ./...`.
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/OpenPeeDeeP/depguard/v2"
	"golang.org/x/tools/go/analysis/singlechecker"
)

func main() {
	root, err := os.Getwd()
	if err == nil {
		settings := settings(filepath.ToSlash(root))
		if analyzer, failed := depguard.NewAnalyzer(&settings); failed == nil {
			singlechecker.Main(analyzer)
			return
		} else {
			err = failed
		}
	}
	fmt.Fprintln(os.Stderr, "importrules:", err)
	os.Exit(2)
}

// settings gives the rules for the repository at root. Tests are free: they put parts together that do not know each
// other.
func settings(root string) depguard.LinterSettings {
	all := depguard.LinterSettings{}
	for folder, r := range rules {
		deny := maps.Clone(r.never)
		if deny == nil {
			deny = map[string]string{}
		}
		list := &depguard.List{
			ListMode: "lax",
			Files:    []string{root + "/" + folder + "/**", "!**/*_test.go"},
			Allow:    r.but,
			Deny:     deny,
		}
		if r.only != nil {
			list.ListMode, list.Allow = "strict", append(slices.Clone(r.only), "$gostd")
		}
		for _, kit := range testKits {
			list.Files = append(list.Files, "!"+root+"/"+kit+"/**")
		}
		if folder != "botgateway" {
			list.Deny["github.com/go-telegram-bot-api"] = "only botgateway knows the bot library"
		}
		all[folder] = list
	}
	return all
}
