recheck_gcp() {
  local users
  if users=$(gcloud compute disks describe "$(jq -r .resource_name <<<"$1")" --zone="$(jq -r .zone_id <<<"$1")" \
    --project="$2" --format='value(users)' </dev/null 2>&1); then
    if [ -z "$users" ]; then echo yes; else echo "it is attached to $users"; fi
  elif is_gone_gcp "$users"; then
    echo gone
  else
    echo "$users"
    return 1
  fi
}

act_gcp() {
  gcloud compute disks delete "$(jq -r .resource_name <<<"$1")" --zone="$(jq -r .zone_id <<<"$1")" --project="$2" --quiet </dev/null
}

is_gone_gcp() { [[ "$1" == *'was not found'* ]]; }
