export function refuseOtherNode(): void;
