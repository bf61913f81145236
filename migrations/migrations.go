// Package migrations holds the numbered SQL that makes and changes the product's tables; forward only.
package migrations

import "embed"

// FS holds the migrations, named NNNN_<what>.sql.
//
//go:embed *.sql
var FS embed.FS
