{{- define "sealwatch.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "sealwatch.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "sealwatch.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "sealwatch.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "sealwatch.selectorLabels" -}}
app.kubernetes.io/name: {{ include "sealwatch.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "sealwatch.labels" -}}
{{ include "sealwatch.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "sealwatch.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "sealwatch.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "set serviceAccount.name, or let the chart create one (serviceAccount.create: true)" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The namespaces in which sealwatch looks for pods as its own service account: a JSON list, empty when nothing is looked for. */}}
{{- define "sealwatch.podNamespaces" -}}
{{- $namespaces := list -}}
{{- range .Values.config.clusters -}}
{{- $discovery := default dict .discovery -}}
{{- if and (eq (toString $discovery.type) "kubernetes") (not $discovery.kubeconfigFile) -}}
{{- $namespaces = append $namespaces (required "set config.clusters[].discovery.namespace, where the pods of Vault are" $discovery.namespace) -}}
{{- end -}}
{{- end -}}
{{- uniq $namespaces | toJson -}}
{{- end -}}

{{- define "sealwatch.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "sealwatch.claimName" -}}
{{- default (include "sealwatch.fullname" .) .Values.persistence.existingClaim -}}
{{- end -}}

{{/* Whether the runs are in a database that several pods share: "true", else empty. */}}
{{- define "sealwatch.sharedStore" -}}
{{- $store := default dict .Values.config.store -}}
{{- if $store.postgres -}}true{{- end -}}
{{- end -}}

{{/* The configuration file: the user's, with what only the chart can know: where it listens, keeps its runs and finds runbooks. */}}
{{- define "sealwatch.config" -}}
{{- $own := dict
  "listen" "0.0.0.0:9410"
  "runbooks" (dict "directory" "/etc/sealwatch/runbooks") -}}
{{- if not (include "sealwatch.sharedStore" .) -}}
{{- $_ := set $own "store" (dict "path" "/var/lib/sealwatch/sealwatch.db") -}}
{{- end -}}
{{- toYaml (mergeOverwrite (deepCopy .Values.config) $own) -}}
{{- end -}}

{{/* The runbooks: file name → text. */}}
{{- define "sealwatch.runbooks" -}}
{{- $files := dict -}}
{{- if .Values.runbooks.builtin -}}
{{- range $path, $_ := .Files.Glob "files/runbooks/*.yaml" -}}
{{- $_ := set $files (base $path) ($.Files.Get $path) -}}
{{- end -}}
{{- end -}}
{{- toYaml (mergeOverwrite $files (deepCopy .Values.runbooks.extra)) -}}
{{- end -}}
