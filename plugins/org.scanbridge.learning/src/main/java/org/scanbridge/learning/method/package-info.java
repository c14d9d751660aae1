/** The training methods; each class states its objective and its paper. */
package org.scanbridge.learning.method;
