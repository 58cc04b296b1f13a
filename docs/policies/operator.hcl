path "auth/token/create/sealwatch-operator" { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
