-- Sets the time when a job that was done is due again.
UPDATE jobs
SET due_at = now() + %(every)s
WHERE name = %(name)s
