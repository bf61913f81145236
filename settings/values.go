package settings

import (
	"errors"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a small container has no zones of its own
)

// DatabaseURL is the address of a PostgreSQL database.
type DatabaseURL string

// UnmarshalText refuses what is no address of a PostgreSQL database.
func (d *DatabaseURL) UnmarshalText(text []byte) error {
	u, err := url.Parse(string(text))
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" || strings.Trim(u.Path, "/") == "" {
		return errors.New("is not the address of a PostgreSQL database")
	}
	*d = DatabaseURL(text)
	return nil
}

// BotToken is what Telegram's BotFather gives for a bot.
type BotToken string

var botToken = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)

// UnmarshalText refuses what is no token.
func (t *BotToken) UnmarshalText(text []byte) error {
	if !botToken.Match(text) {
		return errors.New("is not a bot's token")
	}
	*t = BotToken(text)
	return nil
}

// BaseURL is an http(s) address to which paths are added; kept without a slash at its end.
type BaseURL string

// UnmarshalText refuses what is no base address.
func (b *BaseURL) UnmarshalText(text []byte) error {
	u, err := url.Parse(string(text))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("is not an http(s) address")
	}
	*b = BaseURL(strings.TrimRight(string(text), "/"))
	return nil
}

// Address is a host and a port to listen on.
type Address string

// UnmarshalText refuses what has no port.
func (a *Address) UnmarshalText(text []byte) error {
	_, port, err := net.SplitHostPort(string(text))
	if err == nil {
		err = new(Port).UnmarshalText([]byte(port))
	}
	if err != nil {
		return errors.New("is not a host and a port")
	}
	*a = Address(text)
	return nil
}

// Port is a TCP port.
type Port int

// UnmarshalText refuses what is no port.
func (p *Port) UnmarshalText(text []byte) error {
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 1 || n > 65535 {
		return errors.New("is not a port from 1 to 65535")
	}
	*p = Port(n)
	return nil
}

// IDs are Telegram user ids.
type IDs []int64

// UnmarshalText reads a list with commas.
func (ids *IDs) UnmarshalText(text []byte) error {
	var read []int64
	for _, item := range items(text) {
		id, err := strconv.ParseInt(item, 10, 64)
		if err != nil || id <= 0 {
			return errors.New("is not a list of Telegram user ids")
		}
		read = append(read, id)
	}
	*ids = read
	return nil
}

// Names are names of modules.
type Names []string

var name = regexp.MustCompile(`^[a-z]+$`)

// UnmarshalText reads a list with commas.
func (n *Names) UnmarshalText(text []byte) error {
	read := items(text)
	for _, item := range read {
		if !name.MatchString(item) {
			return errors.New("is not a list of modules")
		}
	}
	*n = read
	return nil
}

// TimeZone is the name of a zone in the IANA time zone database.
type TimeZone string

// UnmarshalText refuses what is no such name.
func (z *TimeZone) UnmarshalText(text []byte) error {
	if _, err := time.LoadLocation(string(text)); err != nil || string(text) == time.Local.String() {
		return errors.New("is not the name of an IANA time zone")
	}
	*z = TimeZone(text)
	return nil
}

// Durations are waits.
type Durations []time.Duration

// UnmarshalText reads a list with commas; each must be longer than nothing.
func (d *Durations) UnmarshalText(text []byte) error {
	var read []time.Duration
	for _, item := range items(text) {
		wait, err := time.ParseDuration(item)
		if err != nil || wait <= 0 {
			return errors.New("is not a list of waits")
		}
		read = append(read, wait)
	}
	*d = read
	return nil
}

// items splits a list with commas; spaces around them and a comma at the end do not matter.
func items(text []byte) []string {
	var found []string
	for item := range strings.SplitSeq(string(text), ",") {
		if item = strings.TrimSpace(item); item != "" {
			found = append(found, item)
		}
	}
	return found
}
