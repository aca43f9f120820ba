/** How the service calls itself on the wire [S: model of the service, version 2010-08-01]. */
export const SERVICE = 'GraniteServiceVersion20100801';
/** In signatures. */
export const SIGNING_NAME = 'monitoring';
/** Of shapes. */
export const SHAPES = 'com.amazonaws.cloudwatch';
export const XML_NAMESPACE = 'http://monitoring.amazonaws.com/doc/2010-08-01/';
