package main

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	good := "postgres://user:password@127.0.0.1:5432/quaydesk"
	for _, c := range []struct {
		env  map[string]string
		want settings
		err  string
	}{
		{env: map[string]string{"DATABASE_URL": good}, want: settings{good, 7233, 8233, "default"}},
		{env: map[string]string{"DATABASE_URL": good, "QUAYDESK_TEMPORAL_PORT": "17233", "QUAYDESK_TEMPORAL_UI_PORT": "18233",
			"TEMPORAL_NAMESPACE": "desk"}, want: settings{good, 17233, 18233, "desk"}},
		{env: map[string]string{}, err: "DATABASE_URL is not set"},
		{env: map[string]string{"DATABASE_URL": good, "QUAYDESK_TEMPORAL_PORT": "70000"}, err: `QUAYDESK_TEMPORAL_PORT is "70000"`},
		{env: map[string]string{"DATABASE_URL": good, "QUAYDESK_TEMPORAL_UI_PORT": "x"}, err: `QUAYDESK_TEMPORAL_UI_PORT is "x"`},
	} {
		got, err := read(func(name string) string { return c.env[name] })
		switch {
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%v: error %v, want %s", c.env, err, c.err)
		case c.err == "" && (err != nil || got != c.want):
			t.Errorf("%v: %+v, %v", c.env, got, err)
		}
	}
}

func TestParseDatabaseURL(t *testing.T) {
	d, err := parseDatabaseURL("postgres://us%2Fer:p%40ss@db.example.com/desk?sslmode=verify-full&application_name=x")
	if err != nil {
		t.Fatal(err)
	}
	c := d.store(d.main, 3)
	if c.ConnectAddr != "db.example.com:5432" || c.User != "us%2Fer" || c.Password != "p@ss" || c.DatabaseName != "desk_temporal" ||
		c.MaxConns != 3 || c.TLS == nil || !c.TLS.EnableHostVerification || c.ConnectAttributes["application_name"] != "x" {
		t.Errorf("%+v", c)
	}
	for _, bad := range []string{"", "desk", "mysql://u@h/d", "postgres://u@h", "postgres:///d", "postgres://u@h/a/b", "postgres://u@h/d?sslmode=maybe"} {
		_, err := parseDatabaseURL(bad)
		if err == nil {
			t.Errorf("%q is taken for an address", bad)
		} else if strings.Contains(err.Error(), "u@h") {
			t.Errorf("the error quotes the address: %v", err)
		}
	}
}
