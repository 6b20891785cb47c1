-- Keeps what was written of an answer so far, renews its lease, and says whether it is to be stopped.
-- No row: it was given up, taken up by another process, or deleted. Its conversation's version rises at its end.
UPDATE messages
SET
    content = %(content)s,
    citations = %(citations)s,
    leased_until = now() + %(lease)s::interval
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
    AND run_id = %(run_id)s
    AND status = 'generating'
RETURNING stop_requested
