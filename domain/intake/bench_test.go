package intake_test

import (
	"fmt"
	"testing"
	"time"

	"quaydesk/domain/container"
	. "quaydesk/domain/intake"
)

// BenchmarkMake plans a sheet of ten thousand rows in an empty workspace.
func BenchmarkMake(b *testing.B) {
	lines := [][]string{short}
	for i := range 10_000 {
		ten := fmt.Sprintf("MSKU%06d", i)
		lines = append(lines, []string{"", fmt.Sprintf("%s%d", ten, container.CheckDigit(ten)), fmt.Sprintf("Клиент %d", i%200), "05.11.2026 10:00", "2026-11-09", ""})
	}
	tables, _ := Tables([]Sheet{{Rows: rows(lines...)}})
	for b.Loop() {
		Make(tables, Known{Now: now, Zone: time.UTC})
	}
}
