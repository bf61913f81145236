// Package botapi is a Bot API server for one machine: what a bot may call (API), and the people at the other end of
// its chats (Control), played by a page in the browser, by tests or by a load generator.
//
// It keeps to the real server where a bot can tell the difference: methods, limits, error texts, the order and
// repetition of updates. There are private chats only. A method or parameter that it does not know it refuses in the
// API's own error shape, where the real one would often look away.
//
// All state is in memory and in an append-only journal, so that a server which was killed goes on where it was,
// undelivered updates included. One mutex guards it all; nothing waits for the network while holding it.
package botapi
