/** Whether a network can be trusted on images that nobody has labeled. */
package org.scanbridge.learning.check;
