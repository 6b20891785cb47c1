-- Deletes a user and, by cascade, everything that refers to the user; rate_limits/delete_for_key.sql deletes what was
-- counted. The audit events stay; they name the user by id only.
DELETE FROM users
WHERE id = %(id)s
