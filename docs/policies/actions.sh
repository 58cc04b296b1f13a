bao policy write sealwatch-vault-audit-disable - <<'EOF'
path "sys/audit/*" { capabilities = ["delete", "sudo"] }
EOF

bao policy write sealwatch-vault-raft-remove-peer - <<'EOF'
path "sys/storage/raft/remove-peer" { capabilities = ["update"] }
EOF

bao policy write sealwatch-vault-rate-limit-quota-clear - <<'EOF'
path "sys/quotas/rate-limit/*" { capabilities = ["delete"] }
EOF

bao policy write sealwatch-vault-rate-limit-quota-set - <<'EOF'
path "sys/quotas/rate-limit/*" { capabilities = ["update"] }
EOF

bao policy write sealwatch-vault-revoke-accessor - <<'EOF'
path "auth/token/revoke-accessor" { capabilities = ["update"] }
EOF

bao policy write sealwatch-vault-revoke-list - <<'EOF'
path "auth/token/revoke-accessor" { capabilities = ["update"] }
EOF

bao policy write sealwatch-vault-revoke-prefix - <<'EOF'
path "sys/leases/revoke-prefix/*" { capabilities = ["update", "sudo"] }
EOF

bao policy write sealwatch-vault-rotate-keyring - <<'EOF'
path "sys/rotate" { capabilities = ["update", "sudo"] }
EOF

bao policy write sealwatch-exec-run - <<'EOF'
EOF

bao policy write sealwatch-vault-seal-cluster - <<'EOF'
path "sys/seal" { capabilities = ["update", "sudo"] }
EOF

bao policy write sealwatch-vault-seal-node - <<'EOF'
path "sys/seal" { capabilities = ["update", "sudo"] }
EOF

bao policy write sealwatch-vault-snapshot-save - <<'EOF'
path "sys/storage/raft/snapshot" { capabilities = ["read"] }
EOF

bao policy write sealwatch-vault-step-down - <<'EOF'
path "sys/step-down" { capabilities = ["update", "sudo"] }
EOF

bao write auth/token/roles/sealwatch-operator \
  allowed_policies=sealwatch-vault-audit-disable,sealwatch-vault-raft-remove-peer,sealwatch-vault-rate-limit-quota-clear,sealwatch-vault-rate-limit-quota-set,sealwatch-vault-revoke-accessor,sealwatch-vault-revoke-list,sealwatch-vault-revoke-prefix,sealwatch-vault-rotate-keyring,sealwatch-exec-run,sealwatch-vault-seal-cluster,sealwatch-vault-seal-node,sealwatch-vault-snapshot-save,sealwatch-vault-step-down \
  orphan=false \
  renewable=false \
  token_no_default_policy=true \
  token_explicit_max_ttl=15m \
  token_type=service
