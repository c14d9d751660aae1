/** What training would fit some images, a machine and the time at hand, and why. */
package org.scanbridge.learning.plan;
