-- Records a change of a person's role, status or tokens, in the transaction that changes it.
INSERT INTO audit_events (id, organization_id, actor_id, target_id, action, before, after, address, created_at)
VALUES (
    %(id)s, %(organization_id)s, %(actor_id)s, %(target_id)s, %(action)s,
    %(before)s, %(after)s, %(address)s::text::inet, now()
)
