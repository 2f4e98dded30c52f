recheck_alibaba() {
  local region id output
  region=$(region_alibaba "$(jq -r .region <<<"$1")") || return 1
  id=$(jq -r .cloud_resource_id <<<"$1")
  if ! output=$(aliyun ecs DescribeInstances --RegionId "$region" --InstanceIds "[\"$id\"]" </dev/null 2>&1); then
    echo "$output"
    return 1
  fi
  jq -r '.Instances.Instance[0] | if . == null then "gone" elif .Status != "Stopped" then "it is \(.Status)"
    elif .StoppedMode != "KeepCharging" then "it is stopped without charge" else "yes" end' <<<"$output"
}

act_alibaba() {
  aliyun ecs StopInstances --RegionId "$(region_alibaba "$(jq -r .region <<<"$1")")" --StoppedMode StopCharging \
    --InstanceId.1 "$(jq -r .cloud_resource_id <<<"$1")" </dev/null
}

is_gone_alibaba() { [[ "$1" == *InvalidInstanceId.NotFound* ]]; }
