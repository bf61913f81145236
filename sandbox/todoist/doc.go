// Package todoist is a Todoist for one machine: the parts of the API v1 that a support desk touches, kept true to the
// real service, and a board page on which people move, assign, comment and complete.
//
// What is served:
//
//	/todoist/api/v1/…   the API, so that http://127.0.0.1:8090/todoist stands for https://api.todoist.com
//	/todoist/files/…    uploaded files
//	/board              the board page
//	/demo/board/…       what the page does, as JSON over HTTP, for tests too
//
// The demo world has one account with a token (world.Todoist); its collaborators act on the board page only. Where
// the public documentation is silent this package follows what others have measured on the real service:
//
//   - A command whose uuid was carried out before is not carried out again; it answers "ok" and gives its
//     temp_id_mapping once more. The documentation promises only the first half. A command that failed was not
//     carried out, so its uuid may be used again.
//   - GET tasks/{id} answers for a completed task too (checked is true); for a deleted one it is 404.
//   - A full sync holds what is active: completed tasks and their comments are not in it.
//   - Uploaded files are readable with the token or with no Authorization at all; a wrong token is refused.
//
// Conveniences that the real service does not have: every project is shared with all people of the demo world, and a
// due date is understood as a date or date-time, "today" or "tomorrow" and nothing else (other words are refused).
//
// All state is one append-only journal in the data folder. A line is one change, whole or absent, so the service may
// be killed at any moment.
package todoist
