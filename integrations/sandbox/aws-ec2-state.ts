/** What the AWS stand-in knows of EC2 and of load balancers. */

export type SandboxInstance = {
  id: string
  name?: string
  type: string
  state: 'pending' | 'running' | 'shutting-down' | 'stopping' | 'stopped' | 'terminated'
  /** Its stop protection is on. */
  stopProtected?: boolean
  launchedAt: Date
  /** When its network interface was attached, the true birthday of an instance that was restarted later. */
  attachedAt?: Date
  zone?: string
  spot?: boolean
  cores?: number
  imageId?: string
  /** `PlatformDetails`; Linux/UNIX unless said. */
  platform?: string
  vpcId?: string
  securityGroups?: { id: string; name: string }[]
  tags?: Record<string, string>
}

export type SandboxVolume = {
  id: string
  name?: string
  sizeGib: number
  type: string
  createdAt: Date
  zone?: string
  attachedTo?: string
  snapshotId?: string
  tags?: Record<string, string>
}

export type SandboxAddress = {
  allocationId: string
  publicIp: string
  name?: string
  instanceId?: string
  networkInterfaceId?: string
  tags?: Record<string, string>
}

export type SandboxSnapshot = {
  id: string
  name?: string
  sizeGib: number
  state?: string
  volumeId?: string
  description?: string
  createdAt: Date
  /** Made by somebody else, who shares it. */
  foreign?: true
  tags?: Record<string, string>
}

export type SandboxImage = {
  id: string
  name: string
  state?: string
  createdAt: Date
  snapshotIds: string[]
  foreign?: true
  tags?: Record<string, string>
}

/** An inbound rule; without ports it is about all of them. */
export type SandboxRule = {
  protocol: string
  from?: number
  to?: number
  cidrs?: string[]
  cidrs6?: string[]
  /** Groups that are trusted instead of addresses. */
  groups?: string[]
}

export type SandboxSecurityGroup = {
  id: string
  name: string
  vpcId?: string
  rules: SandboxRule[]
  tags?: Record<string, string>
}

/** A network interface; one without an instance may be held by a service, which AWS tells by its description. */
export type SandboxInterface = {
  id: string
  type?: string
  description?: string
  attached: boolean
  instanceId?: string
}

export type SandboxGateway = { id: string; state?: string; allocationIds: string[]; interfaceId?: string }

/** A load balancer; only network load balancers are given addresses. */
export type SandboxBalancer = { name: string; type: 'network' | 'application'; hash: string; allocationIds?: string[] }
