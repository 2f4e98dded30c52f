#!/usr/bin/env bash
# @TITLE@: clean-up script made by FinOps on @MADE@.
#
# Usage: bash @NAME@ [--dry-run] [--yes] <list.json>
#   --dry-run  look at every resource again and say what would be done; change nothing
#   --yes      do not ask before acting
#
# Every resource is looked at again before anything is done to it. Only resources of a cloud account you are signed in
# to are touched; sign in to the others and run the script again. Needs jq and the command line tool of the cloud.
set -euo pipefail

# The accounts of the list: id, name, cloud and the cloud's own number.
ACCOUNTS='@ACCOUNTS@'
# The SHA-256 of the list: no other one is worked on, however it came here.
LIST='@LIST@'
# What is done, for the question before it.
ADVICE='@ADVICE@'

# --- The clouds of this script ---@CLOUDS@
# --- The frame ---
dry_run=false
sure=false
list=''
done_items=()
gone_items=()
left_items=()
failed_items=()

stop() {
  printf '%s\n' "$1" >&2
  exit "${2:-2}"
}

usage() { stop "Usage: bash $(basename "$0") [--dry-run] [--yes] <list.json>"; }

read_arguments() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --dry-run) dry_run=true ;;
      --yes) sure=true ;;
      -*) usage ;;
      *)
        [ -z "$list" ] || usage
        list="$1"
        ;;
    esac
    shift
  done
  [ -n "$list" ] || usage
  command -v jq >/dev/null || stop 'jq is not installed: https://jqlang.org/download'
  [ -f "$list" ] || stop "There is no file $list."
  jq -e 'type == "array"' "$list" >/dev/null 2>&1 || stop "$list is not a list of recommendations."
  [ "$(sha256_of "$list")" = "$LIST" ] ||
    stop "$list is not the list this script was made for. Nothing was changed. Download both again."
}

# macOS has shasum, Linux sha256sum.
sha256_of() {
  if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1
}

# The accounts of the list whose cloud we are signed in to, as lines: id, cloud, number, name.
signed_in_accounts() {
  local id cloud number name current
  jq -r '.[] | [.id, .cloud, .number, .name] | @tsv' <<<"$ACCOUNTS" |
    while IFS=$'\t' read -r id cloud number name; do
      current=$("signed_in_$cloud" "$number") || continue
      if [ "$current" = "$number" ]; then printf '%s\t%s\t%s\t%s\n' "$id" "$cloud" "$number" "$name"; fi
    done
}

# Looks at one item again and acts on it. A recheck prints: yes, gone, or why it is left alone; its failure is a failure.
clean_up() {
  local cloud="$1" number="$2" item="$3" name state output
  name=$(jq -r '"\(.cloud_resource_id) \(.resource_name // "")"' <<<"$item")
  if ! state=$("recheck_$cloud" "$item" "$number" 2>&1); then
    failed_items+=("$name: $state")
  elif [ "$state" = gone ]; then
    gone_items+=("$name")
  elif [ "$state" != yes ]; then
    left_items+=("$name: $state")
  elif "$dry_run"; then
    done_items+=("$name")
  elif output=$("act_$cloud" "$item" "$number" 2>&1); then
    done_items+=("$name")
  elif "is_gone_$cloud" "$output"; then
    gone_items+=("$name")
  else
    failed_items+=("$name: $output")
  fi
}

print_list() {
  local title="$1"
  shift
  printf '%s: %s\n' "$title" "$#"
  [ $# -eq 0 ] || printf '  %s\n' "$@"
}

confirm() {
  "$dry_run" && return
  "$sure" && return
  printf '%s Resources: %s, in %s.\n' "$ADVICE" "$1" "$2"
  printf 'Type yes to go on: '
  local answer=''
  read -r answer || true
  [ "$answer" = yes ] || stop 'Nothing was changed.' 1
}

main() {
  read_arguments "$@"
  local accounts names ids count id cloud number item
  accounts=$(signed_in_accounts)
  ids=$(cut -f1 <<<"$accounts" | jq -R . | jq -cs .)
  count=$(jq --argjson ids "$ids" '[.[] | select(.cloud_account_id as $id | $ids | index($id))] | length' "$list")
  if [ "$count" -eq 0 ]; then
    names=$(jq -r '[.[] | "\(.name) (\(.cloud) \(.number))"] | join(", ")' <<<"$ACCOUNTS")
    stop "You are not signed in to an account of this list: $names. Nothing was changed."
  fi
  names=$(cut -f4 <<<"$accounts" | paste -sd, - | sed 's/,/, /g')
  confirm "$count" "$names"
  while IFS=$'\t' read -r id cloud number _; do
    while IFS= read -r item; do
      clean_up "$cloud" "$number" "$item"
    done < <(jq -c --arg id "$id" '.[] | select(.cloud_account_id == $id)' "$list")
  done <<<"$accounts"
  while IFS= read -r item; do
    left_items+=("$item: of another account")
  done < <(jq -r --argjson ids "$ids" '.[] | select(.cloud_account_id as $id | $ids | index($id) | not) | .cloud_resource_id' "$list")
  "$dry_run" && printf 'Dry run: nothing was changed.\n'
  print_list "$("$dry_run" && echo 'Would be done' || echo 'Done')" ${done_items[@]+"${done_items[@]}"}
  print_list 'Already gone' ${gone_items[@]+"${gone_items[@]}"}
  print_list 'Left alone' ${left_items[@]+"${left_items[@]}"}
  print_list 'Failed' ${failed_items[@]+"${failed_items[@]}"}
  [ ${#failed_items[@]} -eq 0 ]
}

main "$@"
