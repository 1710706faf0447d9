package kernel

const haveAssembly = false
