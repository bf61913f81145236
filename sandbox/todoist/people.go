package todoist

import "net/http"

// getUser gives the account: what the sync endpoint says of it, without what is said there only.
func (s *Server) getUser(*http.Request) (answer, error) {
	u := s.syncUser()
	for _, only := range []string{"features", "websocket_url", "joinable_workspace", "getting_started_guide_projects"} {
		delete(u, only)
	}
	return ok(u), nil
}

// syncUser is the account in the shape of the sync endpoint. Only who it is means something here.
func (s *Server) syncUser() map[string]any {
	return map[string]any{
		"id": s.account.UID, "email": s.account.Email, "full_name": s.account.Name, "inbox_project_id": s.inbox,
		"activated_user": true, "auto_reminder": 0, "business_account_id": nil, "daily_goal": 5, "weekly_goal": 25,
		"date_format": 0, "time_format": 0, "dateist_lang": nil, "days_off": []int{6, 7},
		"feature_identifier": s.account.UID, "has_magic_number": false, "has_password": true, "image_id": nil,
		"features": map[string]any{
			"karma_disabled": true, "restriction": 3, "karma_vacation": false, "dateist_lang": nil, "beta": 0,
			"has_push_reminders": false, "dateist_inline_disabled": false,
		},
		"is_celebrations_enabled": false, "is_premium": true, "joinable_workspace": nil,
		"joined_at": "2025-01-01T00:00:00.000000Z", "getting_started_guide_projects": nil, "karma": 0.0,
		"karma_trend": "-", "lang": "en", "next_week": 1, "start_day": 1, "weekend_start_day": 6,
		"start_page": "inbox", "theme_id": "11", "share_limit": 51, "sort_order": 0, "unique_prefix": 1,
		"premium_status": "current_personal_plan", "premium_until": nil, "verification_status": "verified",
		"websocket_url": "", "completed_count": 0, "completed_today": 0,
		"tz_info": map[string]any{"timezone": "UTC", "hours": 0, "minutes": 0, "is_dst": 0, "gmt_string": "+00:00"},
	}
}

// collaborators gives the people of the shared projects; they never change, so only a full sync has them.
func (s *Server) collaborators(full bool) []map[string]any {
	out := []map[string]any{}
	if !full {
		return out
	}
	for _, p := range s.people {
		out = append(out, map[string]any{
			"id": p.UID, "email": p.Email, "full_name": p.Name, "timezone": "UTC", "image_id": nil,
		})
	}
	return out
}

func (s *Server) collaboratorStates(st *state, since int64) []map[string]any {
	out := []map[string]any{}
	for _, project := range st.projects.changed(since, func(p Project) bool { return p.IsShared && !p.IsDeleted }) {
		for _, p := range s.people {
			out = append(out, map[string]any{
				"user_id": p.UID, "project_id": project.ID, "state": "active", "is_deleted": false,
			})
		}
	}
	return out
}
