recheck_azure() {
  local state
  if state=$(az disk show --ids "$(jq -r .cloud_resource_id <<<"$1")" --query diskState --output tsv </dev/null 2>&1); then
    case "$state" in
      Unattached) echo yes ;;
      '') echo gone ;;
      *) echo "it is $state" ;;
    esac
  elif is_gone_azure "$state"; then
    echo gone
  else
    echo "$state"
    return 1
  fi
}

act_azure() { az disk delete --ids "$(jq -r .cloud_resource_id <<<"$1")" --yes </dev/null; }

is_gone_azure() { [[ "$1" == *ResourceNotFound* || "$1" == *'was not found'* ]]; }
