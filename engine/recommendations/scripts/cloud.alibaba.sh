# Alibaba Cloud: aliyun, signed in with aliyun configure, then
# aliyun configure set --read-timeout 20 --connect-timeout 20 --retry-count 3
signed_in_alibaba() { aliyun sts GetCallerIdentity </dev/null 2>/dev/null | jq -r .AccountId; }

# The id of a region given by id or by its English name.
region_alibaba() {
  case "$1" in
    *[![:lower:][:digit:]-]*)
      aliyun ecs DescribeRegions --AcceptLanguage en-US </dev/null |
        jq -er --arg name "$1" '.Regions.Region[] | select(.LocalName == $name) | .RegionId'
      ;;
    *) printf '%s\n' "$1" ;;
  esac
}
