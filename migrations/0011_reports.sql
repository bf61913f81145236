-- The daily reports that went out: each begins where the one before ended, and tells what that one has not told.
-- +goose Up
CREATE TABLE reports (
    company_id     bigint NOT NULL REFERENCES companies,
    day            date NOT NULL,                  -- of the workspace
    workspace_id   bigint NOT NULL REFERENCES workspaces,
    reported_until timestamptz NOT NULL,           -- what was recorded before is told
    movements      bigint[] NOT NULL,              -- that it told
    PRIMARY KEY (company_id, day)
);

INSERT INTO reports (company_id, day, workspace_id, reported_until, movements)
SELECT company_id, day, workspace_id, until, ARRAY(SELECT m.id FROM movements m
    WHERE m.workspace_id = r.workspace_id AND m.recorded_at < until AND m.recorded_at >= until - interval '1 hour')
FROM (
    SELECT c.id AS company_id, c.reported_on AS day, c.workspace_id,
        (c.reported_on + coalesce(c.report_at, time '00:00')) AT TIME ZONE w.time_zone AS until
    FROM companies c JOIN workspaces w ON w.id = c.workspace_id WHERE c.reported_on IS NOT NULL) r;
ALTER TABLE companies DROP COLUMN reported_on;
