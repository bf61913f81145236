package texts_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"quaydesk/domain/billing"
	"quaydesk/domain/container"
	"quaydesk/domain/people"
	"quaydesk/domain/ticket"
	"quaydesk/domain/yard"
	"quaydesk/texts"
)

// families are the keys that code puts together: each prefix with all its members.
var families = map[string][]string{
	"ticket.category.":     names(ticket.Categories),
	"ticket.state.":        names(ticket.States),
	"ticket.notice.":       names(ticket.States),
	"ticket.stands_":       names(ticket.States),
	"ticket.last.":         {"organizer", "agent"},
	"ticket.list.":         {"tickets", "queue", "mine", "tickets_none", "queue_none", "mine_none"},
	"billing.size.":        {"any", "unknown"},
	"billing.load.":        {"any", "unknown"},
	"billing.group.":       append(names(billing.Groups), "any", "unknown"),
	"paper.kind.":          {"free", "storage", "minimum"},
	"paper.operation.":     names(billing.Operations),
	"paper.service_":       {"storage", "minimum"},
	"container.load.":      names(container.Loads),
	"members.welcome.":     names(people.Roles[1:]), // nobody is invited as an owner
	"people.role.":         names(people.Roles),
	"web.part.":            {"database", "temporal", "gateway", "board"},
	"webbilling.counting.": {"calendar_days", "periods_24h"},
	"yardrules.kind.":      names(yard.Kinds),
	"yardrules.state.":     names(yard.States),
	"yardrules.stands_":    names(yard.States),
	"yardrules.operation.": names(yard.Operations),
	"yardrules.mode.":      names(yard.Modes),
}

// names are the words of a string type.
func names[S ~string](s []S) []string {
	var out []string
	for _, v := range s {
		out = append(out, string(v))
	}
	return out
}

// forms are the plural forms a language needs.
var forms = map[string][]string{"en": {"one", "other"}, "ru": {"few", "many", "one", "other"}}

// catalogue reads a language's files: key → form → template; a key without plural forms has "other" only.
func catalogue(t *testing.T, lang string) map[string]map[string]string {
	files, err := filepath.Glob("*." + lang + ".toml")
	require.NoError(t, err)
	all := map[string]map[string]string{}
	for _, file := range files {
		var keys map[string]any
		_, err := toml.DecodeFile(file, &keys)
		require.NoError(t, err, file)
		for key, value := range keys {
			module, _, _ := strings.Cut(file, ".")
			require.True(t, strings.HasPrefix(key, module+"."), "%s: %s belongs into another file", file, key)
			require.NotContains(t, all, key)
			all[key] = map[string]string{}
			switch value := value.(type) {
			case string:
				all[key]["other"] = value
			case map[string]any:
				for form, template := range value {
					all[key][form] = template.(string)
				}
				require.Equal(t, forms[lang], slices.Sorted(maps.Keys(value)), "%s: plural forms of %s", file, key)
			default:
				t.Errorf("%s: %s is neither text nor plural forms", file, key)
			}
		}
	}
	return all
}

var placeholder = regexp.MustCompile(`{{\.(\w+)}}`)

// placeholders lists the arguments that a key's templates name.
func placeholders(templates map[string]string) []string {
	named := map[string]bool{}
	for _, template := range templates {
		for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
			named[m[1]] = true
		}
	}
	if len(templates) > 1 {
		named["Count"] = true // it chooses the form, whether or not it is shown
	}
	return slices.Sorted(maps.Keys(named))
}

func TestLanguagesSayTheSame(t *testing.T) {
	first := catalogue(t, texts.Languages[0])
	for _, lang := range texts.Languages[1:] {
		other := catalogue(t, lang)
		require.Equal(t, slices.Sorted(maps.Keys(first)), slices.Sorted(maps.Keys(other)), "keys in %s", lang)
		for key := range first {
			require.Equal(t, placeholders(first[key]), placeholders(other[key]), "arguments of %s in %s", key, lang)
		}
	}
}

var markup = regexp.MustCompile(`</?(\w+)>`)

func TestMarkupIsTelegrams(t *testing.T) {
	for _, lang := range texts.Languages {
		for key, templates := range catalogue(t, lang) {
			for _, template := range templates {
				var open []string
				for _, m := range markup.FindAllStringSubmatch(template, -1) {
					require.Contains(t, []string{"b", "i", "code"}, m[1], key)
					if !strings.HasPrefix(m[0], "</") {
						open = append(open, m[1])
						continue
					}
					require.NotEmpty(t, open, key)
					require.Equal(t, open[len(open)-1], m[1], key)
					open = open[:len(open)-1]
				}
				require.Empty(t, open, key)
				require.NotRegexp(t, `[<>&]`, markup.ReplaceAllString(template, ""), "%s: write &lt; &gt; &amp;", key)
			}
		}
	}
}

func TestKeysAreThereAndUsed(t *testing.T) {
	keys := catalogue(t, texts.Languages[0])
	used := map[string]bool{}
	for prefix, members := range families {
		for _, m := range members {
			assert.True(t, keys[prefix+m] != nil, "there is no %s", prefix+m)
			used[prefix+m] = true
		}
	}
	for _, p := range sources(t) {
		for _, u := range p.keys() {
			if u.family {
				assert.True(t, families[u.key] != nil, "%s: list the keys that begin with %s in families", u.at, u.key)
				continue
			}
			assert.True(t, keys[u.key] != nil, "%s: there is no %s", u.at, u.key)
			if slices.Contains(u.args, "Count") {
				assert.Greater(t, len(keys[u.key]), 1, "%s: %s has a Count and no plural forms", u.at, u.key)
			}
			if u.args != nil {
				assert.Subset(t, u.args, placeholders(keys[u.key]), "%s: arguments of %s", u.at, u.key)
			}
		}
		maps.Copy(used, p.literals())
	}
	for key := range keys {
		assert.True(t, used[key], "%s is used nowhere", key)
	}
}

// source is one package of the product.
type source struct {
	files *token.FileSet
	asts  []*ast.File
}

// sources parses the product's packages, tests and the other Go module aside.
func sources(t *testing.T) []source {
	packages := map[string]*source{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); path != ".." && err == nil || strings.HasPrefix(d.Name(), ".") && path != ".." {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		dir := filepath.Dir(path)
		if packages[dir] == nil {
			packages[dir] = &source{files: token.NewFileSet()}
		}
		file, err := parser.ParseFile(packages[dir].files, path, nil, 0)
		if err != nil {
			return err
		}
		packages[dir].asts = append(packages[dir].asts, file)
		return nil
	})
	require.NoError(t, err)
	var all []source
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		all = append(all, *packages[dir])
	}
	return all
}

// use is a place that names a key, or with family the beginning of one.
type use struct {
	at     token.Position
	key    string
	family bool
	args   []string // names of the arguments given there; nil when that cannot be told
}

// keys finds what chat.T, fault.New, the web's v.T and v.S, and the package's own functions with a parameter named key are given.
func (s source) keys() []use {
	takes := s.takers()
	var uses []use
	s.inspect(func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return
		}
		name := called(call)
		at, direct := map[string]int{"chat.T": 0, "fault.New": 1, "v.T": 0, "v.S": 0}[name] // v: a visit of the web
		if !direct {
			_, bare, _ := strings.Cut(name, ".")
			if at, ok = takes[bare]; !ok {
				return
			}
		}
		if at >= len(call.Args) {
			return
		}
		u := use{at: s.files.Position(call.Pos())}
		switch arg := call.Args[at].(type) {
		case *ast.BasicLit:
			u.key = text(arg)
		case *ast.BinaryExpr:
			for {
				left, ok := arg.X.(*ast.BinaryExpr)
				if !ok {
					break
				}
				arg = left
			}
			u.key, u.family = text(arg.X), true
		}
		if !strings.Contains(u.key, ".") {
			return // no key: some other string that is called so
		}
		if direct && !call.Ellipsis.IsValid() {
			u.args = []string{}
			for i := at + 1; i < len(call.Args); i += 2 {
				u.args = append(u.args, text(call.Args[i]))
			}
		}
		uses = append(uses, u)
	})
	return uses
}

// takers finds functions with a parameter "key string", and its place.
func (s source) takers() map[string]int {
	takes := map[string]int{}
	s.inspect(func(n ast.Node) {
		f, ok := n.(*ast.FuncDecl)
		if !ok {
			return
		}
		i := 0
		for _, field := range f.Type.Params.List {
			typ, _ := field.Type.(*ast.Ident)
			for _, name := range field.Names {
				if name.Name == "key" && typ != nil && typ.Name == "string" {
					takes[f.Name.Name] = i
				}
				i++
			}
		}
	})
	return takes
}

// literals are all strings in the package.
func (s source) literals() map[string]bool {
	all := map[string]bool{}
	s.inspect(func(n ast.Node) {
		if lit, ok := n.(*ast.BasicLit); ok {
			all[text(lit)] = true
		}
	})
	return all
}

func (s source) inspect(see func(ast.Node)) {
	for _, file := range s.asts {
		ast.Inspect(file, func(n ast.Node) bool {
			if n != nil {
				see(n)
			}
			return true
		})
	}
}

// called names the function of a call: "pkg.Func", or ".Func" of the package's own.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return "." + f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name + "." + f.Sel.Name
		}
		return "." + f.Sel.Name
	}
	return ""
}

// text is the value of a string literal, "" of anything else.
func text(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}
