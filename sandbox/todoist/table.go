package todoist

import "fmt"

// row is a value with the sequence number of its last change and its place in the order of creation.
type row[T any] struct {
	seq int64
	n   int
	v   T
}

// table keeps the values of one kind by id, deleted ones too.
type table[T any] struct {
	rows map[string]row[T]
	ids  []string
}

func newTable[T any]() table[T] { return table[T]{rows: map[string]row[T]{}} }

func (t *table[T]) get(id string) (T, bool) {
	r, ok := t.rows[id]
	return r.v, ok
}

func (t *table[T]) put(seq int64, id string, v T) {
	r, ok := t.rows[id]
	if !ok {
		r.n = len(t.ids)
		t.ids = append(t.ids, id)
	}
	r.seq, r.v = seq, v
	t.rows[id] = r
}

// each visits all values in the order of creation.
func (t *table[T]) each(f func(seq int64, v T)) {
	for _, id := range t.ids {
		r := t.rows[id]
		f(r.seq, r.v)
	}
}

// pick gives the values for which keep holds, in the order of creation. Never nil: the API has no null lists.
func (t *table[T]) pick(keep func(T) bool) []T {
	out := []T{}
	t.each(func(_ int64, v T) {
		if keep(v) {
			out = append(out, v)
		}
	})
	return out
}

// changed gives the values changed after seq for which keep holds, in the order of creation.
func (t *table[T]) changed(seq int64, keep func(T) bool) []T {
	out := []T{}
	t.each(func(s int64, v T) {
		if s > seq && keep(v) {
			out = append(out, v)
		}
	})
	return out
}

// key is the place of an id in the order of creation, as text that sorts.
func (t *table[T]) key(id string) string { return fmt.Sprintf("%012d", t.rows[id].n) }
