iam() { aws iam "$@" </dev/null; }

# The texts of one field of a list, a line each.
each() {
  local query="$1"
  shift
  iam "$@" --query "$query" --output text | tr '\t' '\n' | sed '/^None$/d;/^$/d'
}

working_keys() { each "AccessKeyMetadata[?Status=='Active'].AccessKeyId" list-access-keys --user-name "$1"; }

# Was anything of the user used after the list was made? Prints when.
used_since() {
  local user="$1" since="$2" at key
  at=$(iam get-user --user-name "$user" --query User.PasswordLastUsed --output text) || return 1
  for key in $(working_keys "$user"); do
    at+=" $(iam get-access-key-last-used --access-key-id "$key" --query AccessKeyLastUsed.LastUsedDate --output text)"
  done
  jq -nr --arg at "$at" --argjson since "$since" '[$at | splits(" +") | select(test("^[0-9]{4}-"))
    | sub("\\+00:00$"; "Z") | sub("\\.[0-9]+"; "") | select(fromdateiso8601 > $since)] | max // empty'
}

recheck_aws() {
  local user used
  user=$(jq -r .user_name <<<"$1")
  if ! used=$(used_since "$user" "$(jq -r .last_used <<<"$1")" 2>&1); then
    if is_gone_aws "$used"; then
      echo gone
      return
    fi
    echo "$used"
    return 1
  fi
  if [ -n "$used" ]; then echo "it was used at $used"; else echo yes; fi
}

has_password() { iam get-login-profile --user-name "$1" >/dev/null 2>&1; }

# What still works is switched off. A user of which nothing works any more is deleted: run the script again
# after the next check, when nobody asked.
act_aws() {
  local user keys key
  user=$(jq -r .user_name <<<"$1")
  keys=$(working_keys "$user") || return 1
  if [ -z "$keys" ] && ! has_password "$user"; then
    delete_user "$user"
    return
  fi
  for key in $keys; do
    iam update-access-key --user-name "$user" --access-key-id "$key" --status Inactive || return 1
  done
  if has_password "$user"; then iam delete-login-profile --user-name "$user"; fi
}

delete_user() {
  local user="$1" one
  for one in $(each 'AccessKeyMetadata[].AccessKeyId' list-access-keys --user-name "$user"); do
    iam delete-access-key --user-name "$user" --access-key-id "$one" || return 1
  done
  for one in $(each 'MFADevices[].SerialNumber' list-mfa-devices --user-name "$user"); do
    iam deactivate-mfa-device --user-name "$user" --serial-number "$one" || return 1
  done
  for one in $(each 'Certificates[].CertificateId' list-signing-certificates --user-name "$user"); do
    iam delete-signing-certificate --user-name "$user" --certificate-id "$one" || return 1
  done
  for one in $(each 'SSHPublicKeys[].SSHPublicKeyId' list-ssh-public-keys --user-name "$user"); do
    iam delete-ssh-public-key --user-name "$user" --ssh-public-key-id "$one" || return 1
  done
  for one in $(each 'ServiceSpecificCredentials[].ServiceSpecificCredentialId' list-service-specific-credentials --user-name "$user"); do
    iam delete-service-specific-credential --user-name "$user" --service-specific-credential-id "$one" || return 1
  done
  for one in $(each 'PolicyNames[]' list-user-policies --user-name "$user"); do
    iam delete-user-policy --user-name "$user" --policy-name "$one" || return 1
  done
  for one in $(each 'AttachedPolicies[].PolicyArn' list-attached-user-policies --user-name "$user"); do
    iam detach-user-policy --user-name "$user" --policy-arn "$one" || return 1
  done
  for one in $(each 'Groups[].GroupName' list-groups-for-user --user-name "$user"); do
    iam remove-user-from-group --user-name "$user" --group-name "$one" || return 1
  done
  iam delete-user --user-name "$user"
}

is_gone_aws() { [[ "$1" == *NoSuchEntity* ]]; }
