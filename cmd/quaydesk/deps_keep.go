package main

import (
	_ "github.com/alexedwards/scs/pgxstore"
	_ "github.com/alexedwards/scs/v2"
	_ "github.com/coreos/go-oidc/v3/oidc"
	_ "github.com/go-analyze/charts"
	_ "github.com/goccy/go-yaml"
	_ "github.com/johnfercher/maroto/v2"
	_ "github.com/santhosh-tekuri/jsonschema/v6"
	_ "github.com/shopspring/decimal"
	_ "github.com/xuri/excelize/v2"
	_ "golang.org/x/image/font/gofont/goregular"
	_ "golang.org/x/oauth2"
	_ "maragu.dev/gomponents"
)
