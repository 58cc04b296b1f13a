path "sys/leases/count" { capabilities = ["read"] }
path "sys/metrics" { capabilities = ["read"] }
path "sys/storage/raft/autopilot/state" { capabilities = ["read"] }
path "sys/storage/raft/configuration" { capabilities = ["read"] }
