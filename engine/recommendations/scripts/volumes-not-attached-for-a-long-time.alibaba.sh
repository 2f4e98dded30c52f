recheck_alibaba() {
  local region id output
  region=$(region_alibaba "$(jq -r .region <<<"$1")") || return 1
  id=$(jq -r .cloud_resource_id <<<"$1")
  if ! output=$(aliyun ecs DescribeDisks --RegionId "$region" --DiskIds "[\"$id\"]" </dev/null 2>&1); then
    echo "$output"
    return 1
  fi
  jq -r '.Disks.Disk[0].Status // "gone" | if . == "Available" then "yes" elif . == "gone" then . else "it is \(.)" end' <<<"$output"
}

act_alibaba() {
  aliyun ecs DeleteDisk --RegionId "$(region_alibaba "$(jq -r .region <<<"$1")")" --DiskId "$(jq -r .cloud_resource_id <<<"$1")" </dev/null
}

is_gone_alibaba() { [[ "$1" == *InvalidDiskId.NotFound* ]]; }
