-- On Citus, this transaction asks its shards one after another: in parallel, it could not also change a table that is
-- copied to every node. A server without Citus accepts the setting and ignores it.
SET LOCAL citus.multi_shard_modify_mode = sequential -- noqa: PRS
