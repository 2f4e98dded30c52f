recheck_azure() {
  local state
  if state=$(az vm get-instance-view --ids "$(jq -r .cloud_resource_id <<<"$1")" \
    --query "instanceView.statuses[?starts_with(code, 'PowerState/')].code | [0]" --output tsv </dev/null 2>&1); then
    case "$state" in
      PowerState/stopped) echo yes ;;
      *) echo "it is ${state#PowerState/}" ;;
    esac
  elif is_gone_azure "$state"; then
    echo gone
  else
    echo "$state"
    return 1
  fi
}

act_azure() { az vm deallocate --ids "$(jq -r .cloud_resource_id <<<"$1")" </dev/null; }

is_gone_azure() { [[ "$1" == *ResourceNotFound* || "$1" == *'was not found'* ]]; }
