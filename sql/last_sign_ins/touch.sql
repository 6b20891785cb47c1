-- Records a sign-in. The table is written instead of `users`: on Citus, an UPDATE of `users` locks it on every node.
INSERT INTO last_sign_ins (user_id, signed_in_at)
VALUES (%(user_id)s, %(now)s)
ON CONFLICT (user_id) DO UPDATE
    SET signed_in_at = excluded.signed_in_at
